#pragma once

#include "input_plan.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/buffer_plan.hpp>
#include <feedline/transport/channel_control.hpp>

#include <cstdint>
#include <string>

namespace feedline {

std::string to_text(const DataInfo& info);
std::string to_text(const InputPlan& plan);
InputPlan input_plan_from(const std::string& text);

/// The report that every rank sends to all others at the end.
struct RankReport {
  ExitCode code = ExitCode::kDone;
  std::string message;
  bool prepared_data = false;
  double first_batch_s = 0;
  double input_samples_per_s = 0;
  double mean_active = 0;  ///< Mean number of active workers
  double read_share = 0;   ///< Share of reading in the time that samples took
  std::uint64_t cache_bytes = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t link_bytes = 0;
  double link_seconds = 0;
  DeviceTimes link_device{};
  std::uint64_t gpu_bytes = 0;  ///< Bytes of buffers on this rank's GPU
  std::uint64_t peak_rss = 0;
};

std::string to_text(const RankReport& report);
RankReport rank_report_from(const std::string& text);

}  // namespace feedline
