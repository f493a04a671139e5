#pragma once

#include "cache_arena.hpp"
#include "storage/file_identity.hpp"

#include <feedline/data/cache.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace feedline {

/// The results of recordings, waves (`CacheKind::kEncoded`) or spectrograms (`kDecoded`), kept in memory as
/// they come, up to a number of bytes. A result of a file that has changed since is never returned.
///
/// Thread rule: all methods, any thread; no locks.
class SoundCache {
 public:
  /// Makes a cache for `recordings` recordings.
  SoundCache(CacheKind kind, std::uint64_t budget, std::uint64_t recordings);

  CacheKind kind() const noexcept { return kind_; }

  /// Returns the kept values of recording `id` that were made from its file as identified by `now`, or an
  /// empty span.
  std::span<const float> find(std::uint64_t id, const FileIdentity& now) const noexcept;

  /// Keeps a copy of `values` if there is room. Values of an earlier state of the file stay in memory but are
  /// no longer found.
  void keep(std::uint64_t id, const FileIdentity& file, std::span<const float> values) noexcept;

  CacheStats stats() const noexcept;

 private:
  struct Entry {
    FileIdentity file;
    std::size_t size = 0;
  };

  CacheKind kind_;
  CacheArena arena_;
  mutable std::atomic<std::uint64_t> hits_{0};
  std::vector<std::atomic<const Entry*>> entries_;
};

}  // namespace feedline
