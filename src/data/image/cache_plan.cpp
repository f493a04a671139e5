#include "cache_plan.hpp"

#include "decode_error.hpp"
#include "picture_workspace.hpp"
#include "shrink.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace feedline {
namespace {

constexpr std::uint64_t kMeasured = 24;

/// Reading takes so large a part of a sample's time that it is what a cache should save.
constexpr double kSlowReading = 0.5;

/// A smaller share of the pictures is not worth the memory.
constexpr double kWorthKeeping = 0.1;

/// Random crops of one picture are taken from more than one of its sizes.
constexpr double kSeveralSizes = 1.3;

/// The typical crop has so much of the picture's sides.
constexpr double kTypicalCrop = 0.7;

void add_picture(const Storage& files, std::uint64_t id, std::uint32_t side, PictureWorkspace& workspace,
                 PictureCosts& sum) {
  const auto begin = Clock::now();
  const auto file = files.read(id, workspace.file);
  const auto read = Clock::now();
  if (!JpegDecoder::is_jpeg(file)) throw DecodeError("not JPEG");
  const PictureHeader header = workspace.jpeg.open(file);
  const std::uint32_t shrink =
      choose_shrink(header, kTypicalCrop * header.width, kTypicalCrop * header.height, side, 8);
  const PixelBox whole{0, 0, (header.width + shrink - 1) / shrink, (header.height + shrink - 1) / shrink};
  workspace.jpeg.decode(whole, shrink);
  sum.read_s += to_seconds(read - begin);
  sum.decode_s += seconds_since(read);
  sum.file_bytes += static_cast<double>(file.size());
  sum.decoded_bytes +=
      static_cast<double>(whole.width) * whole.height * kPixelBytes * (shrink > 1 ? kSeveralSizes : 1.0);
}

}  // namespace

std::optional<PictureCosts> measure_pictures(const Storage& files, std::uint32_t side, std::uint64_t count) {
  PictureWorkspace workspace;
  PictureCosts sum;
  double measured = 0;
  const std::uint64_t wanted = std::min(count, files.size());
  for (std::uint64_t i = 0; i < wanted; ++i) {
    try {
      add_picture(files, i * files.size() / wanted, side, workspace, sum);
      ++measured;
    } catch (const DecodeError&) {  // the run tells of it
    } catch (const std::system_error&) {
    }
  }
  if (measured == 0) return std::nullopt;
  return PictureCosts{sum.file_bytes / measured, sum.decoded_bytes / measured, sum.read_s / measured,
                      sum.decode_s / measured};
}

CachePlan choose_cache(const PictureCosts& costs, std::uint64_t pictures, std::uint64_t budget) {
  const double all_decoded = costs.decoded_bytes * static_cast<double>(pictures);
  const double all_files = costs.file_bytes * static_cast<double>(pictures);
  const auto room = static_cast<double>(budget);
  const bool reading_is_slow = costs.read_s > kSlowReading * costs.decode_s;
  const auto plan = [&](CacheKind kind, double all) {
    const double share = std::min(1.0, room / all);
    return CachePlan{kind, budget, false, 0,
                     fmt::format("Cache: {:.0f} % of the pictures fit into {}, {}.", share * 100,
                                 format_bytes(budget), kind == CacheKind::kDecoded ? "decoded" : "as files")};
  };
  if (all_decoded <= room) return plan(CacheKind::kDecoded, all_decoded);
  if (reading_is_slow && all_files * kWorthKeeping <= room) return plan(CacheKind::kEncoded, all_files);
  if (all_decoded * kWorthKeeping <= room) return plan(CacheKind::kDecoded, all_decoded);
  return {CacheKind::kNone, 0, false, 0,
          fmt::format(
              "Cache: none; decoded, the pictures would take {}, and there are {} for it (--cache-bytes).",
              format_bytes(static_cast<std::uint64_t>(all_decoded)), format_bytes(budget))};
}

CachePlan plan_cache(const DataOptions& options, const Storage& files, std::uint64_t pictures,
                     std::uint32_t side) {
  if (!options.shown_again) return {};  // nothing would be asked for twice
  const std::uint64_t available = available_memory();
  const std::uint64_t budget =
      std::min(options.cache_bytes.value_or(available / 4), available) / options.cache_sharers;
  const auto costs = measure_pictures(files, side, kMeasured);
  CachePlan plan{options.cache, budget, true, 0, ""};
  if (options.cache == CacheKind::kNone) plan.bytes = 0;
  if (options.cache == CacheKind::kAuto) plan = costs ? choose_cache(*costs, pictures, budget) : CachePlan{};
  if (costs)
    plan.whole_bytes = static_cast<std::uint64_t>(costs->decoded_bytes * static_cast<double>(pictures));
  return plan;
}

}  // namespace feedline
