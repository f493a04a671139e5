#pragma once

#include <cstdint>

namespace feedline::config {

inline constexpr int kMostThreads = 4096;
inline constexpr double kLongestDelay = 86400;              ///< a day in seconds
inline constexpr std::uint32_t kLargestCount = 10'000'000;  ///< of samples, frames, tokens and Hz

}  // namespace feedline::config
