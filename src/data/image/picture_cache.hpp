#pragma once

#include "cache_arena.hpp"
#include "image/codec/picture.hpp"

#include <feedline/data/cache.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace feedline {

/// Pictures kept in memory: their files' bytes, or their pixels at the requested sizes. It fills as pictures
/// come, up to a number of bytes. Entries are never evicted: an epoch uses every picture once, so an evicted
/// one would be a miss in the next epoch (CoorDL, VLDB 2021, section 4.1).
///
/// Thread rule: all methods, any thread; no locks, except for entries that could not be filled.
class PictureCache {
 public:
  /// An entry: the file (`shrink` 0), or the whole picture shrunk by `shrink`.
  struct Entry {
    PictureHeader header;
    /// Whether the file is JPEG, which can be shrunk while it is decoded
    bool jpeg = true;
    std::uint32_t shrink = 0;
    std::uint32_t width = 0;  ///< Width of the kept pixels, whose rows have no gaps
    std::uint32_t height = 0;
    std::size_t bytes = 0;
    std::size_t room = 0;  ///< Bytes that the entry has room for
    Entry* next = nullptr;

    std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
    const std::byte* data() const noexcept { return reinterpret_cast<const std::byte*>(this + 1); }
    std::span<const std::byte> file() const noexcept { return {data(), bytes}; }
    PixelView pixels() const noexcept {
      return {reinterpret_cast<const std::uint8_t*>(data()), width * kPixelBytes, width, height};
    }
  };

  /// Makes a cache for `pictures` pictures. Memory is used only as it fills. Throws a UsageError when the
  /// address space is too small.
  PictureCache(CacheKind kind, std::uint64_t budget, std::uint64_t pictures);

  CacheKind kind() const noexcept { return kind_; }

  /// Returns the entry of the picture at this `shrink`, or null if there is none.
  const Entry* find(std::uint64_t id, std::uint32_t shrink) const noexcept;

  /// Returns any entry of the picture, which holds its header, or null if there is none.
  const Entry* any(std::uint64_t id) const noexcept {
    return entries_.empty() ? nullptr : entries_[id].load(std::memory_order_acquire);
  }

  /// Returns an entry with room for `bytes`, to be filled and given to keep(), or null when there is no room
  /// left.
  Entry* make(std::size_t bytes) noexcept;

  /// Takes back an entry that could not be filled, so that others can use its room.
  void give_back(Entry* entry) noexcept;

  /// Shows the entry to all threads; it must not be changed afterwards.
  void keep(std::uint64_t id, Entry* entry) noexcept;

  void count_hit() noexcept { hits_.fetch_add(1, std::memory_order_relaxed); }

  CacheStats stats() const noexcept;

 private:
  Entry* take_spare(std::size_t bytes) noexcept;

  CacheKind kind_;
  CacheArena arena_;
  std::mutex spare_mutex_;
  Entry* spare_ = nullptr;  ///< Returned entries that are not at the arena's end
  std::atomic<std::uint64_t> spare_bytes_{0};
  std::atomic<std::uint64_t> hits_{0};
  std::vector<std::atomic<Entry*>> entries_;
};

}  // namespace feedline
