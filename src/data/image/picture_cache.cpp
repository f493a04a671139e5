#include "picture_cache.hpp"

#include <new>

namespace feedline {
namespace {

/// Of the arena, for an entry with room for `bytes`.
std::size_t whole(std::size_t bytes) noexcept {
  return sizeof(PictureCache::Entry) + bytes + kPixelPadding;
}

}  // namespace

PictureCache::PictureCache(CacheKind kind, std::uint64_t budget, std::uint64_t pictures)
    : kind_(budget > 0 ? kind : CacheKind::kNone), arena_(kind_ == CacheKind::kNone ? 0 : budget) {
  if (kind_ != CacheKind::kNone) entries_ = std::vector<std::atomic<Entry*>>(pictures);
}

const PictureCache::Entry* PictureCache::find(std::uint64_t id, std::uint32_t shrink) const noexcept {
  for (const Entry* entry = any(id); entry != nullptr; entry = entry->next) {
    if (entry->shrink == shrink) return entry;
  }
  return nullptr;
}

PictureCache::Entry* PictureCache::make(std::size_t bytes) noexcept {
  if (spare_bytes_.load(std::memory_order_relaxed) > 0) {
    if (Entry* entry = take_spare(bytes)) return entry;
  }
  std::byte* at = arena_.take(whole(bytes));
  if (at == nullptr) return nullptr;
  auto* entry = new (at) Entry;
  entry->bytes = entry->room = bytes;
  return entry;
}

/// One that fits, and is not much too large.
PictureCache::Entry* PictureCache::take_spare(std::size_t bytes) noexcept {
  const std::lock_guard lock(spare_mutex_);
  for (Entry** place = &spare_; *place != nullptr; place = &(*place)->next) {
    Entry* entry = *place;
    if (entry->room < bytes || entry->room / 2 > bytes) continue;
    *place = entry->next;
    const std::size_t room = entry->room;
    spare_bytes_.fetch_sub(whole(room), std::memory_order_relaxed);
    entry = new (entry) Entry;
    entry->bytes = bytes;
    entry->room = room;
    return entry;
  }
  return nullptr;
}

void PictureCache::give_back(Entry* entry) noexcept {
  const std::size_t bytes = whole(entry->room);
  if (arena_.give_back(reinterpret_cast<std::byte*>(entry), bytes)) return;
  const std::lock_guard lock(spare_mutex_);
  entry->next = spare_;
  spare_ = entry;
  spare_bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void PictureCache::keep(std::uint64_t id, Entry* entry) noexcept {
  std::atomic<Entry*>& head = entries_[id];
  Entry* first = head.load(std::memory_order_acquire);
  do {
    entry->next = first;
  } while (!head.compare_exchange_weak(first, entry, std::memory_order_acq_rel));
}

CacheStats PictureCache::stats() const noexcept {
  return {kind_, arena_.used() - spare_bytes_.load(std::memory_order_relaxed),
          hits_.load(std::memory_order_relaxed)};
}

}  // namespace feedline
