#pragma once

#include <cstdint>

namespace feedline::config {

inline constexpr int kMostThreads = 4096;
inline constexpr double kLongestDelay = 86400;              ///< Seconds of a day
inline constexpr std::uint32_t kLargestCount = 10'000'000;  ///< Samples, frames, tokens or Hz

}  // namespace feedline::config
