#pragma once

#include "storage/storage.hpp"

#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// The mean costs of a picture, from a few of them.
struct PictureCosts {
  double file_bytes = 0;
  double decoded_bytes = 0;  ///< Bytes at the sizes that random crops are taken from
  double read_s = 0;
  double decode_s = 0;
};

/// Reads and decodes up to `count` pictures spread over the storage; returns std::nullopt when none could be
/// read. Blocks until it is done.
std::optional<PictureCosts> measure_pictures(const Storage& files, std::uint32_t side, std::uint64_t count);

/// The kind of a cache, and its largest size in bytes.
struct CachePlan {
  CacheKind kind = CacheKind::kNone;
  std::uint64_t bytes = 0;
  /// Whether each picture enters the cache at its first use, not only when there is time to spare
  bool at_once = false;
  std::uint64_t whole_bytes = 0;  ///< Bytes of all pictures, decoded; 0 if unknown
  std::string note;               ///< Message for the user; empty when there is none
};

/// Chooses the cache for `pictures` pictures of these costs within `budget` bytes: decoded pictures when all
/// of them fit; files when reading them takes most of the time; else as many decoded pictures as fit, if that
/// is worth it.
CachePlan choose_cache(const PictureCosts& costs, std::uint64_t pictures, std::uint64_t budget);

/// Plans the cache of a run by the flags, or by measurements of the pictures. The budget is `cache_bytes`, or
/// a quarter of the free memory, and never more than the free memory.
CachePlan plan_cache(const DataOptions& options, const Storage& files, std::uint64_t pictures,
                     std::uint32_t side);

}  // namespace feedline
