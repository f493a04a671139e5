#include "picture_cache.hpp"

#include <algorithm>
#include <new>

namespace feedline {
namespace {

constexpr std::size_t kAlignment = 64;

}  // namespace

PictureCache::PictureCache(CacheKind kind, std::uint64_t budget, std::uint64_t pictures)
    : kind_(budget > 0 ? kind : CacheKind::kNone) {
  if (kind_ == CacheKind::kNone) return;
  memory_ = Mapping::reserved(budget);
  entries_ = std::vector<std::atomic<const Entry*>>(pictures);
}

const PictureCache::Entry* PictureCache::find(std::uint64_t id, std::uint32_t shrink) const noexcept {
  for (const Entry* entry = any(id); entry != nullptr; entry = entry->next) {
    if (entry->shrink == shrink) return entry;
  }
  return nullptr;
}

PictureCache::Entry* PictureCache::make(std::size_t bytes) noexcept {
  const std::size_t whole =
      (sizeof(Entry) + bytes + kPixelPadding + kAlignment - 1) / kAlignment * kAlignment;
  std::uint64_t at = used_.load(std::memory_order_relaxed);
  do {
    if (whole > memory_.bytes().size() - at) return nullptr;
  } while (!used_.compare_exchange_weak(at, at + whole, std::memory_order_relaxed));
  auto* entry = new (memory_.bytes().data() + at) Entry;
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
  return {kind_, used_.load(std::memory_order_relaxed), hits_.load(std::memory_order_relaxed)};
}

}  // namespace feedline
