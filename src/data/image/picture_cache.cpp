#include "picture_cache.hpp"

#include <new>

namespace feedline {

PictureCache::PictureCache(CacheKind kind, std::uint64_t budget, std::uint64_t pictures)
    : kind_(budget > 0 ? kind : CacheKind::kNone), arena_(kind_ == CacheKind::kNone ? 0 : budget) {
  if (kind_ != CacheKind::kNone) entries_ = std::vector<std::atomic<const Entry*>>(pictures);
}

const PictureCache::Entry* PictureCache::find(std::uint64_t id, std::uint32_t shrink) const noexcept {
  for (const Entry* entry = any(id); entry != nullptr; entry = entry->next) {
    if (entry->shrink == shrink) return entry;
  }
  return nullptr;
}

PictureCache::Entry* PictureCache::make(std::size_t bytes) noexcept {
  std::byte* at = arena_.take(sizeof(Entry) + bytes + kPixelPadding);
  if (at == nullptr) return nullptr;
  auto* entry = new (at) Entry;
  entry->bytes = bytes;
  return entry;
}

void PictureCache::keep(std::uint64_t id, Entry* entry) noexcept {
  std::atomic<const Entry*>& head = entries_[id];
  const Entry* first = head.load(std::memory_order_acquire);
  do {
    entry->next = first;
  } while (!head.compare_exchange_weak(first, entry, std::memory_order_acq_rel));
}

CacheStats PictureCache::stats() const noexcept {
  return {kind_, arena_.used(), hits_.load(std::memory_order_relaxed)};
}

}  // namespace feedline
