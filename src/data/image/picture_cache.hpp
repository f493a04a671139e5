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

/// Pictures kept in memory: their files' bytes, or their pixels at the sizes that were asked for. Filled as
/// they come, up to a number of bytes; nothing is ever thrown out, since an epoch wants every picture once
/// and what is thrown out would be the next one's miss (CoorDL, VLDB 2021, section 4.1).
///
/// Thread rule: all methods, any thread; no locks, but for entries that could not be filled.
class PictureCache {
 public:
  /// One thing kept: the file (`shrink` 0) or the whole picture shrunk so many times.
  struct Entry {
    PictureHeader header;
    bool jpeg = true;  ///< whether the file is JPEG, which can be shrunk while it is decoded
    std::uint32_t shrink = 0;
    std::uint32_t width = 0;  ///< of the pixels kept; rows lie close together
    std::uint32_t height = 0;
    std::size_t bytes = 0;
    std::size_t room = 0;  ///< for them
    Entry* next = nullptr;

    std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
    const std::byte* data() const noexcept { return reinterpret_cast<const std::byte*>(this + 1); }
    std::span<const std::byte> file() const noexcept { return {data(), bytes}; }
    PixelView pixels() const noexcept {
      return {reinterpret_cast<const std::uint8_t*>(data()), width * kPixelBytes, width, height};
    }
  };

  /// For `pictures` pictures. Memory is taken as it fills. Throws UsageError when the address space is too
  /// small.
  PictureCache(CacheKind kind, std::uint64_t budget, std::uint64_t pictures);

  CacheKind kind() const noexcept { return kind_; }

  /// What is kept of the picture at this `shrink`, null when nothing.
  const Entry* find(std::uint64_t id, std::uint32_t shrink) const noexcept;

  /// Anything kept of the picture: its header is known. Null when nothing.
  const Entry* any(std::uint64_t id) const noexcept {
    return entries_.empty() ? nullptr : entries_[id].load(std::memory_order_acquire);
  }

  /// Room for an entry of `bytes`, to be filled and given to `keep`; null when there is none left.
  Entry* make(std::size_t bytes) noexcept;

  /// Takes back an entry that could not be filled: its room is for others.
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
  Entry* spare_ = nullptr;  ///< entries that were given back and are not at the arena's end
  std::atomic<std::uint64_t> spare_bytes_{0};
  std::atomic<std::uint64_t> hits_{0};
  std::vector<std::atomic<Entry*>> entries_;
};

}  // namespace feedline
