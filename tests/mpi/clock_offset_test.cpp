#include "mpi_world.hpp"

#include <feedline/comm/clock_offset.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

using testing::mpi_world;

/// All ranks are on this machine, whose clock they share: what is measured is wrong by no more than it says.
TEST(ClockOffset, IsAsWrongAsItSaysAtMost) {
  World& world = mpi_world();
  for (int reference = 0; reference < world.size(); ++reference) {
    const ClockOffset measured = measure_clock_offset(world, reference);
    EXPECT_LE(measured.offset, measured.uncertain);
    EXPECT_GE(measured.offset, -measured.uncertain);
    EXPECT_EQ(measured.uncertain.count() == 0, world.rank() == reference);
  }
}

TEST(ClockOffset, OneKernelHasOneClock) {
  const ClockOffset found = clock_offset(mpi_world(), 0);
  EXPECT_EQ(found.offset.count(), 0);
  EXPECT_EQ(found.uncertain.count(), 0);
}

}  // namespace
}  // namespace feedline
