#include "progress_text.hpp"

#include <feedline/metrics/progress.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace feedline {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A FILE that writes to memory.
class Memory {
 public:
  Memory() : file_(::open_memstream(&text_, &size_)) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() {
    std::fclose(file_);
    std::free(text_);
  }

  std::FILE* file() const { return file_; }

  std::string text() const {
    std::fflush(file_);
    return std::string(text_, size_);
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

ProgressState state() {
  return {0, 10, 1234, 1876, 2912.3, 0.2934f, 0.021, 48, 50, 65};
}

std::ptrdiff_t count(const std::string& text, char c) {
  return std::count(text.begin(), text.end(), c);
}

TEST(MovingLine, ShowsEverythingInEightyColumns) {
  EXPECT_EQ(moving_line(state(), 79),
            "epoch 1/10 1234/1876  2912/s  loss 0.293  data wait 2%  buffer 48/50  1:05 left");
}

TEST(MovingLine, GivesWayOnANarrowTerminal) {
  EXPECT_EQ(moving_line(state(), 70), "epoch 1/10 1234/1876  2912/s  loss 0.293  data wait 2%  1:05 left");
  for (std::size_t columns = 1; columns < 100; ++columns)
    EXPECT_LE(moving_line(state(), columns).size(), columns);
}

TEST(MovingLine, WithoutALoss) {
  ProgressState synthetic = state();
  synthetic.loss.reset();
  EXPECT_THAT(moving_line(synthetic, 79), AllOf(Not(HasSubstr("loss")), HasSubstr("2912/s  data wait")));
}

TEST(MovingLine, LongRunsShowHours) {
  ProgressState long_run = state();
  long_run.seconds_left = 2 * 3600 + 14 * 60 + 5;
  EXPECT_THAT(moving_line(long_run, 200), EndsWith("2:14:05 left"));
}

TEST(PlainLine, SaysTheSameInWords) {
  EXPECT_EQ(plain_line(state()),
            "epoch 1/10  step 1234/1876  2912 samples/s  loss 0.2934  data wait 2.1 %  buffer 48/50  1 min "
            "05 s left");
}

TEST(EpochLine, HasTheValidationsFigures) {
  EXPECT_EQ(epoch_line(state(), {{"accuracy", 0.894}, {"loss", 0.312}}),
            "epoch 1/10  2912 samples/s  loss 0.2934  data wait 2.1 %  val accuracy 0.8940  val loss 0.3120");
}

TEST(ProgressOnATerminal, OneLineMovesAndEndsWithTheEpoch) {
  Memory out;
  Progress progress(out.file(), true);
  progress.update(state());
  EXPECT_THAT(out.text(), AllOf(StartsWith("\repoch 1/10"), EndsWith("\x1b[K")));
  EXPECT_EQ(count(out.text(), '\n'), 0);
  progress.end_epoch(state(), {{"accuracy", 0.894}});
  EXPECT_THAT(out.text(), AllOf(HasSubstr("\x1b[K\repoch 1/10"), EndsWith("val accuracy 0.8940\x1b[K\n")));
  EXPECT_EQ(count(out.text(), '\n'), 1);
}

TEST(ProgressOnATerminal, ManyStepsAreFewUpdates) {
  Memory out;
  const auto start = Clock::now();
  Progress progress(out.file(), true);
  for (int step = 0; step < 10000; ++step) progress.update(state());
  const double seconds = seconds_since(start);
  EXPECT_GE(count(out.text(), '\r'), 1);
  EXPECT_LE(count(out.text(), '\r'), 1 + static_cast<std::ptrdiff_t>(5 * seconds + 1));
}

TEST(ProgressOnATerminal, AnUnfinishedLineIsEnded) {
  Memory out;
  { Progress(out.file(), true).update(state()); }
  EXPECT_THAT(out.text(), EndsWith("\x1b[K\n"));
}

TEST(ProgressOnATerminal, NothingShownIsNothingToEnd) {
  Memory out;
  { Progress progress(out.file(), true); }
  EXPECT_EQ(out.text(), "");
}

TEST(ProgressInALog, WaitsForItsInterval) {
  Memory out;
  Progress progress(out.file(), false, std::chrono::hours(1));
  for (int step = 0; step < 100; ++step) progress.update(state());
  EXPECT_EQ(out.text(), "");
}

TEST(ProgressInALog, APlainLineEachInterval) {
  Memory out;
  Progress progress(out.file(), false, Clock::duration::zero());
  progress.update(state());
  progress.update(state());
  EXPECT_EQ(out.text(), plain_line(state()) + "\n" + plain_line(state()) + "\n");
}

TEST(ProgressInALog, TheEpochsEndAlwaysShows) {
  Memory out;
  Progress progress(out.file(), false, std::chrono::hours(1));
  progress.end_epoch(state(), {{"accuracy", 0.5}});
  EXPECT_EQ(out.text(), epoch_line(state(), {{"accuracy", 0.5}}) + "\n");
  EXPECT_THAT(out.text(), AllOf(Not(HasSubstr("\r")), Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace feedline
