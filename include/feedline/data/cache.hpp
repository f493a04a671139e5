#pragma once

#include <cstdint>

namespace feedline {

/// What later epochs are served from: nothing, files kept in memory (saves the disk), or decoded samples
/// (saves the decoder too). `kAuto` is decided when the data is opened.
enum class CacheKind { kAuto, kNone, kEncoded, kDecoded };

const char* cache_name(CacheKind kind) noexcept;

/// How a cache is used so far.
struct CacheStats {
  CacheKind kind = CacheKind::kNone;
  std::uint64_t bytes = 0;
  std::uint64_t hits = 0;  ///< samples that came from it
};

}  // namespace feedline
