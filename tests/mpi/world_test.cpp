#include "mpi_world.hpp"

#include <feedline/comm/world.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using testing::mpi_world;

TEST(World, KnowsItsRanks) {
  World& world = mpi_world();
  EXPECT_GE(world.size(), 2);
  EXPECT_EQ(world.topology().ranks().size(), static_cast<std::size_t>(world.size()));
  EXPECT_EQ(world.gather(std::to_string(world.rank()), "numbers")[1], "1");
  EXPECT_EQ(world.broadcast("news of " + std::to_string(world.rank()), 1, "news"), "news of 1");
  EXPECT_NO_THROW(world.check_peers());
}

TEST(World, WorkIsDoneTogether) {
  bool done = false;
  mpi_world().together("do nothing", [&] { done = true; });
  EXPECT_TRUE(done);
}

TEST(World, AFailureIsEverybodysButToldByOne) {
  World& world = mpi_world();
  for (int failing = 0; failing < world.size(); ++failing) {
    try {
      world.together("open the data", [&] {
        if (world.rank() == failing) throw DataError("no such folder");
      });
      ADD_FAILURE() << "nothing was thrown";
    } catch (const RemoteError& error) {
      EXPECT_NE(world.rank(), failing);
      EXPECT_EQ(error.code(), ExitCode::kBadData);
      EXPECT_STREQ(error.what(), "no such folder");
    } catch (const DataError& error) {
      EXPECT_EQ(world.rank(), failing);
      EXPECT_STREQ(error.what(), "no such folder");
    }
  }
}

TEST(World, AnUnexpectedExceptionNamesTheStep) {
  World& world = mpi_world();
  try {
    world.together("open the data", [&] {
      if (world.rank() == 0) throw std::runtime_error("odd");
    });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kInternal);
    EXPECT_STREQ(error.what(), "Failed to open the data: odd");
  }
}

TEST(World, WhoFailsAloneIsHeardOfAtTheNextMeeting) {
  World& world = mpi_world();
  ExitCode learned = ExitCode::kUsage;
  if (world.rank() != 0) {
    try {
      world.together("build the model", [] {});
      ADD_FAILURE() << "nothing was thrown";
    } catch (const RemoteError& error) {
      learned = error.code();
      EXPECT_STREQ(error.what(), "no\nthread");
    }
  }
  EXPECT_EQ(learned, ExitCode::kUsage);
  const auto reports = world.gather_last(std::to_string(world.rank()), learned, "no\nthread");
  ASSERT_EQ(reports.size(), static_cast<std::size_t>(world.size()));
  for (int rank = 0; rank < world.size(); ++rank)
    EXPECT_EQ(reports[static_cast<std::size_t>(rank)], std::to_string(rank));
}

TEST(World, AFailureOfAllIsToldByTheFirst) {
  World& world = mpi_world();
  try {
    world.together("open the data", [] { throw DataError("no such folder"); });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const RemoteError&) {
    EXPECT_NE(world.rank(), 0);
  } catch (const DataError&) {
    EXPECT_EQ(world.rank(), 0);
  }
}

TEST(World, SleepsUntilThen) {
  const auto then = Clock::now() + 20ms;
  mpi_world().sleep_until(then, [] { return false; });
  EXPECT_GE(Clock::now(), then);
}

}  // namespace
}  // namespace feedline
