#include "sound_cache.hpp"

#include <algorithm>
#include <new>

namespace feedline {

SoundCache::SoundCache(CacheKind kind, std::uint64_t budget, std::uint64_t recordings)
    : kind_(budget > 0 ? kind : CacheKind::kNone),
      arena_(kind_ == CacheKind::kNone ? 0 : budget),
      entries_(kind_ == CacheKind::kNone ? 0 : recordings) {}

std::span<const float> SoundCache::find(std::uint64_t id, const FileIdentity& now) const noexcept {
  if (entries_.empty()) return {};
  const Entry* entry = entries_[id].load(std::memory_order_acquire);
  if (entry == nullptr || entry->file != now) return {};
  hits_.fetch_add(1, std::memory_order_relaxed);
  return {reinterpret_cast<const float*>(entry + 1), entry->size};
}

void SoundCache::keep(std::uint64_t id, const FileIdentity& file, std::span<const float> values) noexcept {
  if (entries_.empty()) return;
  std::byte* at = arena_.take(sizeof(Entry) + values.size_bytes());
  if (at == nullptr) return;
  const auto* entry = new (at) Entry{file, values.size()};
  std::copy(values.begin(), values.end(), reinterpret_cast<float*>(at + sizeof(Entry)));
  entries_[id].store(entry, std::memory_order_release);
}

CacheStats SoundCache::stats() const noexcept {
  return {kind_, arena_.used(), hits_.load(std::memory_order_relaxed)};
}

}  // namespace feedline
