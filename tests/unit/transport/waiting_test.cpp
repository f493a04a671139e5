#include "numbered_batches.hpp"

#include <feedline/common/resources.hpp>
#include <feedline/transport/local.hpp>

#include <gtest/gtest.h>

#include <cstdio>

namespace feedline {
namespace {

// The goal is 2 % of a core; the bound leaves room for a busy machine.
TEST(Waiting, ABlockedReceiverLeavesTheCpuFree) {
  RingOptions options;
  options.receive_timeout = 1.5;
  RingReceiver receiver(make_local_ring(testing::numbered_spec(), 2, options));
  const double cpu = process_cpu_seconds();
  const auto begin = Clock::now();
  EXPECT_THROW(receiver.receive(), PeerError);
  const double share = (process_cpu_seconds() - cpu) / seconds_since(begin);
  std::printf("a receiver waiting on a ring uses %.2f %% of a core\n", 100 * share);
  EXPECT_LT(share, 0.05);
}

}  // namespace
}  // namespace feedline
