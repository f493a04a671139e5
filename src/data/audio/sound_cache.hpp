#pragma once

#include "cache_arena.hpp"
#include "file_identity.hpp"

#include <feedline/data/cache.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace feedline {

/// What recordings were made into, waves (`CacheKind::kEncoded`) or spectrograms (`kDecoded`), kept in memory
/// as they come, up to a number of bytes. Never serves what a file was before it changed.
///
/// Thread rule: all methods, any thread; no locks.
class SoundCache {
 public:
  /// For `recordings` recordings.
  SoundCache(CacheKind kind, std::uint64_t budget, std::uint64_t recordings);

  CacheKind kind() const noexcept { return kind_; }

  /// What is kept of recording `id`, made when its file was `now`; empty when nothing.
  std::span<const float> find(std::uint64_t id, const FileIdentity& now) const noexcept;

  /// Keeps a copy, if there is room. What was kept of an earlier file stays in memory, but is not found.
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
