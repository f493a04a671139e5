#include "step_graphs.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace feedline {
namespace {

using Diary = std::vector<std::string>;

/// Writes down what it is asked to do; recorded work is replayed by its name.
struct FakeRecorder final : WorkRecorder {
  struct Recorded final : RecordedWork {
    Recorded(Diary& entries, std::string what) : diary(entries), name(std::move(what)) {}
    void replay() override { diary.push_back("replay " + name); }
    Diary& diary;
    std::string name;
  };

  explicit FakeRecorder(Diary& entries) : diary(entries) {}

  std::unique_ptr<RecordedWork> record(const std::function<void()>& work) override {
    diary.push_back("record");
    work();  // says what its name is
    if (fails) throw std::runtime_error("operation not permitted\nand a stack");
    return std::make_unique<Recorded>(diary, diary.back());
  }

  Diary& diary;
  bool fails = false;
};

class StepGraphsTest : public ::testing::Test {
 protected:
  /// Runs a batch of that shape and returns what came of it.
  Diary run(std::uint32_t shape) {
    diary_.clear();
    graphs_.run(shape, [&] { diary_.push_back("work " + std::to_string(shape)); });
    return diary_;
  }

  void warm_up(std::uint32_t shape) {
    for (std::uint64_t i = 0; i < StepGraphs::kWarmUp; ++i)
      ASSERT_EQ(run(shape), Diary({"work " + std::to_string(shape)}));
  }

  Diary diary_;
  FakeRecorder* recorder_ = new FakeRecorder(diary_);
  StepGraphs graphs_{std::unique_ptr<WorkRecorder>(recorder_)};
};

TEST_F(StepGraphsTest, RecordsAShapeOnceWarmAndReplaysItFromThenOn) {
  warm_up(7);
  EXPECT_EQ(graphs_.recorded(), 0u);
  EXPECT_EQ(run(7), Diary({"record", "work 7", "replay work 7"})) << "recording does none of it";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run(7), Diary({"replay work 7"}));
  EXPECT_EQ(graphs_.recorded(), 1u);
}

TEST_F(StepGraphsTest, HasAGraphForEachShapeHoweverTheyTakeTurns) {
  for (int round = 0; round < 20; ++round) {
    for (std::uint32_t shape = 0; shape < 4; ++shape) run(shape);
  }
  EXPECT_EQ(graphs_.recorded(), 4u);
  EXPECT_EQ(run(2), Diary({"replay work 2"}));
}

TEST_F(StepGraphsTest, WhatCannotBeRecordedIsDoneAsItIs) {
  warm_up(0);
  recorder_->fails = true;
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run(0), Diary({"record", "work 0", "work 0"}));
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("(operation not permitted)"), std::string::npos) << said;
  EXPECT_EQ(run(0), Diary({"work 0"})) << "it is not tried again";
  warm_up(1);
  EXPECT_EQ(run(1), Diary({"work 1"})) << "nor with another shape";
  EXPECT_EQ(graphs_.recorded(), 0u);
}

TEST_F(StepGraphsTest, ShapesThatWereRecordedBeforeAreDoneAsTheyAreToo) {
  warm_up(0);
  run(0);
  warm_up(1);
  recorder_->fails = true;
  run(1);
  EXPECT_EQ(run(0), Diary({"work 0"}));
}

}  // namespace
}  // namespace feedline
