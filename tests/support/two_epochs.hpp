#pragma once

#include <feedline/pipeline/batch_schedule.hpp>

#include <cstdint>

namespace feedline::testing {

inline constexpr std::uint32_t kBatch = 8;

/// A schedule of two epochs whose last batches are short.
inline ScheduleOptions two_epochs(std::uint64_t train = 61, std::uint64_t val = 21) {
  ScheduleOptions options;
  options.buckets = {{kBatch, train, val}};
  options.epochs = 2;
  return options;
}

}  // namespace feedline::testing
