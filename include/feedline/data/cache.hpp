#pragma once

#include <cstdint>

namespace feedline {

/// The contents of the cache that serves later epochs: nothing, files (saves the disk), or decoded samples
/// (saves the decoder too), in memory. `kAuto` is decided when the data is opened.
enum class CacheKind { kAuto, kNone, kEncoded, kDecoded };

const char* cache_name(CacheKind kind) noexcept;

/// The use of a cache so far.
struct CacheStats {
  CacheKind kind = CacheKind::kNone;
  std::uint64_t bytes = 0;
  std::uint64_t hits = 0;  ///< Samples served from it
};

}  // namespace feedline
