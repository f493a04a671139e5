#include "example_summary.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace feedline {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(SummaryTable, TellsATwoRankRun) {
  EXPECT_EQ(format_table(example_summary()),
            "Summary\n"
            "  Mode        Multi-GPU Mode, 1 data rank and 1 model rank over shm\n"
            "  Devices     data on cpu, training on cpu\n"
            "  Model       tiny (image task), 52138 parameters\n"
            "  Trained     2 epochs, 1876 steps, 120000 samples\n"
            "  Time        40.0 s training, 2.0 s validation; first step 4.0 s after the start\n"
            "  Speed       3000 samples/s\n"
            "  Busy        95 % of the training time; waited 1.0 s (2.5 %) for data\n"
            "  Input       2 workers, can prepare 4000 samples/s\n"
            "  Buffer      50 batches (50.0 MiB), 75 % full on average, 25 % at least\n"
            "  Link        90.0 MiB at 476.8 MiB/s\n"
            "  Loss        2.5000 -> 0.2500\n"
            "  Validation  loss 0.5000, accuracy 0.8750\n"
            "  Memory      data rank 100.0 MiB, model rank 400.0 MiB at most\n");
}

TEST(SummaryTable, LeavesOutWhatThereIsNot) {
  Summary alone = example_summary();
  alone.mode = "single";
  alone.link = {};
  alone.loss = {};
  alone.val_loss.reset();
  alone.val_metrics.clear();
  EXPECT_THAT(format_table(alone),
              AllOf(HasSubstr("Single-GPU Buffered Mode, one rank"), Not(HasSubstr("Link")),
                    Not(HasSubstr("Loss")), Not(HasSubstr("Validation"))));
}

TEST(SummaryTable, SaysHowTheRunEnded) {
  Summary stopped = example_summary();
  stopped.exit = "stopped";
  EXPECT_THAT(format_table(stopped), StartsWith("Summary (stopped)\n"));
}

TEST(SummaryTable, CountsBadSamplesWhenThereAreSome) {
  Summary bad = example_summary();
  EXPECT_THAT(format_table(bad), Not(HasSubstr("Bad samples")));
  bad.bad_replaced = 3;
  EXPECT_THAT(format_table(bad), HasSubstr("Bad samples 3 replaced, 0 skipped"));
}

TEST(SummaryTable, TellsOfACacheAndOfWorkersThatRested) {
  Summary summary = example_summary();
  EXPECT_THAT(format_table(summary), AllOf(Not(HasSubstr("Cache")), Not(HasSubstr("active"))));
  summary.input.cache_bytes = std::uint64_t{3} << 20;
  summary.input.cache_hits = 4000;
  summary.input.mean_active = 1.25;
  EXPECT_THAT(format_table(summary), AllOf(HasSubstr("Cache       3.0 MiB; 4000 samples came from it"),
                                           HasSubstr("2 workers (1.2 active on average)")));
}

TEST(SummaryTable, ARunThatDidNothingIsStillTold) {
  EXPECT_THAT(format_table(Summary{}), AllOf(HasSubstr("0 epochs"), Not(HasSubstr("nan"))));
}

TEST(SummaryTable, SaysWhatGpusDidAndHold) {
  Summary summary = example_summary();
  summary.link.copy_s = 1.5;
  summary.link.transfer_s = 2;
  summary.link.both_s = 1;
  summary.gpu_bytes = 12 << 20;
  const std::string table = format_table(summary);
  EXPECT_THAT(table, HasSubstr("; copied to the GPU in 1.5 s, sent in 2.0 s, both at once for 1.0 s\n"));
  EXPECT_THAT(table, HasSubstr("at most; buffers on the GPU 12.0 MiB\n"));
}

}  // namespace
}  // namespace feedline
