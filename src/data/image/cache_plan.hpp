#pragma once

#include <feedline/data/class_folder.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// What a picture costs, the mean of a few.
struct PictureCosts {
  double file_bytes = 0;
  double decoded_bytes = 0;  ///< at the sizes that random crops are taken from
  double read_s = 0;
  double decode_s = 0;
};

/// Reads and decodes up to `count` pictures spread over the folder; nothing when none could be read. Blocks
/// for as long as that takes.
std::optional<PictureCosts> measure_pictures(const ClassFolder& folder, std::uint32_t side,
                                             std::uint64_t count);

/// What the cache is to hold and how many bytes at most.
struct CachePlan {
  CacheKind kind = CacheKind::kNone;
  std::uint64_t bytes = 0;
  bool at_once = false;  ///< filled at the first sight of each picture, and not when there is time to spare
  std::uint64_t whole_bytes = 0;  ///< that all pictures would take, decoded; 0: not known
  std::string note;               ///< a sentence for the user; empty when there is nothing to say
};

/// Chooses for `pictures` pictures that cost so much each, within `budget` bytes: decoded when all of them
/// fit; files when reading them is what takes time; else as many decoded ones as fit, if that is worth it.
CachePlan choose_cache(const PictureCosts& costs, std::uint64_t pictures, std::uint64_t budget);

/// The cache of a run: what the flags say, or what is measured here. The budget is `cache_bytes`, or a
/// quarter of the free memory, and never more than is free.
CachePlan plan_cache(const DataOptions& options, const ClassFolder& folder, std::uint64_t pictures,
                     std::uint32_t side);

}  // namespace feedline
