#pragma once

namespace feedline::testing {

#ifdef __SANITIZE_THREAD__
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

}  // namespace feedline::testing

/// ThreadSanitizer does not follow a fork of a process that may have threads.
#define FEEDLINE_NEEDS_FORK() \
  if (::feedline::testing::kThreadSanitizer) GTEST_SKIP() << "forks, which ThreadSanitizer does not follow"
