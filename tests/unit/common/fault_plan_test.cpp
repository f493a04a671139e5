#include <feedline/common/errors.hpp>
#include <feedline/common/fault_plan.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using namespace std::chrono_literals;

TEST(FaultPlan, NothingIsAskedForByAnEmptyText) {
  EXPECT_TRUE(FaultPlan("").empty());
  EXPECT_TRUE(FaultPlan(" ; ").empty());
  EXPECT_FALSE(FaultPlan().flips(1));
  EXPECT_NO_THROW(FaultPlan().before_save(1));
}

TEST(FaultPlan, ReadsEntriesPartedBySemicolons) {
  const FaultPlan plan("kill:rank0@batch=120; flip:batch=7;slow-read:20ms; enospc@save=2; eio:every=97");
  EXPECT_TRUE(plan.flips(7));
  EXPECT_FALSE(plan.flips(8));
  EXPECT_EQ(plan.read_delay(), 20ms);
  EXPECT_EQ(plan.failing_reads(), 97u);
  EXPECT_TRUE(plan.touches_samples());
  EXPECT_NO_THROW(plan.before_save(1));
  try {
    plan.before_save(2);
    FAIL();
  } catch (const std::filesystem::filesystem_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_space_on_device);
  }
}

TEST(FaultPlan, HappensToTheRankAndBatchThatAreNamed) {
  const FaultPlan plan("kill:rank1@batch=3");
  plan.after_batch(0, 3);
  plan.after_batch(1, 2);
  EXPECT_EXIT(plan.after_batch(1, 3), ::testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(FaultPlan("term:rank0@batch=1").after_batch(0, 1), ::testing::KilledBySignal(SIGTERM), "");
  EXPECT_EXIT(FaultPlan("crash:sample=5").at_sample(5), ::testing::KilledBySignal(SIGABRT), "");
}

TEST(FaultPlan, AStoppedProcessGoesOnAfterItsTime) {
  const auto stopped_for = [] {
    const auto begin = std::chrono::steady_clock::now();
    FaultPlan("stop:rank0@batch=1,200ms").after_batch(0, 1);
    _exit(std::chrono::steady_clock::now() - begin >= 150ms ? 0 : 1);
  };
  EXPECT_EXIT(stopped_for(), ::testing::ExitedWithCode(0), "");
}

TEST(FaultPlan, RefusesWhatItDoesNotKnowByName) {
  for (const char* text : {"kill", "kill:rank0", "kill:rank0@batch=x", "kill:rank0@batch=1,3s",
                           "flip:batch=", "slow-read:20", "explode:rank0@batch=1", "stop:rank0@batch=1,3h"}) {
    EXPECT_THAT(
        [&] { FaultPlan(std::string("flip:batch=1;") + text); },
        ThrowsMessage<UsageError>(AllOf(HasSubstr("'" + std::string(text) + "'"), HasSubstr("slow-read"))))
        << text;
  }
}

}  // namespace
}  // namespace feedline
