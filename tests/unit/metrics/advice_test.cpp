#include <feedline/metrics/summary.hpp>

#include <gmock/gmock.h>

namespace feedline {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Waited 41 % of the time, with both of two cores at work and an empty buffer.
Summary starved() {
  Summary summary;
  summary.wall_s = 100;
  summary.data_wait_s = 41;
  summary.input.workers = 2;
  summary.input.buffer_batches = 50;
  summary.input.buffer_bytes = 50 * std::uint64_t{1 << 20};
  summary.input.samples_per_s = 2950;
  return summary;
}

constexpr AdviceInput kTwoCores{2, 50};

TEST(Advice, IsSilentUpToFivePercent) {
  Summary summary = starved();
  summary.data_wait_s = 5;
  EXPECT_EQ(advise(summary, kTwoCores), "");
  summary.data_wait_s = 5.1;
  EXPECT_NE(advise(summary, kTwoCores), "");
}

TEST(Advice, IsSilentWhenNothingWasTrained) {
  EXPECT_EQ(advise(Summary{}, AdviceInput{}), "");
}

TEST(Advice, SaysHowMuchWasWaited) {
  EXPECT_THAT(advise(starved(), kTwoCores), StartsWith("Training waited 41 % of the time for data."));
}

TEST(Advice, IdleCoresCallForWorkers) {
  Summary summary = starved();
  summary.input.workers = 1;
  EXPECT_THAT(advise(summary, {8, 50}), AllOf(HasSubstr("1 of 8 cores"), HasSubstr("--num-workers 8")));
}

TEST(Advice, BusyCoresCallForMoreOrForTwoRanks) {
  EXPECT_THAT(advise(starved(), kTwoCores),
              AllOf(HasSubstr("2 of 2 cores"), HasSubstr("2950 samples/s"), HasSubstr("mpirun -np 2"),
                    Not(HasSubstr("--num-workers"))));
}

TEST(Advice, AnInputThatIsMuchFasterThanTrainingWaitsForTheLink) {
  Summary summary = starved();
  summary.mode = "multi";
  summary.samples_per_s = 1000;
  summary.link.gbytes_per_s = 0.36;
  for (const char* transport : {"mpi", "nccl"}) {
    summary.transport = transport;
    EXPECT_THAT(advise(summary, kTwoCores),
                AllOf(HasSubstr("link is what is slow"), HasSubstr(transport), HasSubstr("0.36 GB/s"),
                      HasSubstr("--transport shm"), Not(HasSubstr("cores"))));
  }
  EXPECT_THAT(advise(summary, kTwoCores), HasSubstr("--nccl-max-ctas"));
  summary.link.copy_s = 3;
  summary.link.transfer_s = 1;
  summary.task = "audio";
  EXPECT_THAT(advise(summary, kTwoCores),
              AllOf(HasSubstr("GPU is what is slow"), HasSubstr("--mel-device cpu")));
  summary.task = "image";
  EXPECT_THAT(advise(summary, kTwoCores), Not(HasSubstr("--mel-device")));
  summary.transport = "shm";  // no link: both ranks see one buffer
  EXPECT_THAT(advise(summary, kTwoCores), HasSubstr("2 of 2 cores"));
  summary.transport = "mpi";
  summary.samples_per_s = 2900;
  EXPECT_THAT(advise(summary, kTwoCores), HasSubstr("2 of 2 cores"));
}

TEST(Advice, TwoRanksAreNotAdvisedTwoRanks) {
  Summary summary = starved();
  summary.mode = "multi";
  EXPECT_THAT(advise(summary, kTwoCores),
              AllOf(HasSubstr("more cores"), HasSubstr("--train-threads"), Not(HasSubstr("mpirun"))));
}

TEST(Advice, MoreWorkersThanCoresAreCountedAsCores) {
  Summary summary = starved();
  summary.input.workers = 16;
  EXPECT_THAT(advise(summary, kTwoCores), HasSubstr("2 of 2 cores"));
}

TEST(Advice, AFullBufferPointsToTheLink) {
  Summary summary = starved();
  summary.mode = "multi";
  summary.transport = "mpi";
  summary.link.gbytes_per_s = 0.11;
  summary.input.occupancy_mean = 0.95;
  EXPECT_THAT(advise(summary, kTwoCores),
              AllOf(HasSubstr("95 % full"), HasSubstr("link (mpi, 0.11 GB/s)"), HasSubstr("--transport shm"),
                    HasSubstr("--model-start-delay"), Not(HasSubstr("--num-workers"))));
}

TEST(Advice, SharedMemoryIsNotAdvisedSharedMemory) {
  Summary summary = starved();
  summary.mode = "multi";
  summary.transport = "shm";
  summary.input.occupancy_mean = 0.95;
  EXPECT_THAT(advise(summary, kTwoCores), AllOf(HasSubstr("link (shm"), Not(HasSubstr("--transport"))));
}

TEST(Advice, AGpuBesideAFullBufferWantsLongerSteps) {
  Summary summary = starved();
  summary.model_device = "cuda:0";
  summary.input.occupancy_mean = 0.95;
  EXPECT_THAT(advise(summary, kTwoCores),
              AllOf(StartsWith("The GPU stood idle 41 % of the time."), HasSubstr("95 % full"),
                    HasSubstr("larger --batch-size"), Not(HasSubstr("--train-threads"))));
  summary.input.occupancy_mean = 0.1;
  EXPECT_THAT(advise(summary, kTwoCores), StartsWith("Training waited 41 % of the time for data."));
}

TEST(Advice, AFullBufferAlonePointsToTheThreads) {
  Summary summary = starved();
  summary.input.occupancy_mean = 0.95;
  EXPECT_THAT(advise(summary, kTwoCores), AllOf(HasSubstr("95 % full"), HasSubstr("--train-threads")));
}

TEST(Advice, SwingsCallForALargerBuffer) {
  Summary summary = starved();
  summary.input.occupancy_mean = 0.5;
  EXPECT_THAT(advise(summary, kTwoCores), HasSubstr("--buffer-size 75"));
  summary.input.buffer_batches = 75;
  EXPECT_THAT(advise(summary, {2, 75}), HasSubstr("--buffer-size 100"));
  summary.input.buffer_batches = 100;
  EXPECT_THAT(advise(summary, {2, 100}), HasSubstr("--buffer-size 200"));
}

TEST(Advice, ABufferCutByMemoryCallsForBytes) {
  Summary summary = starved();
  summary.input.occupancy_mean = 0.5;
  EXPECT_THAT(advise(summary, {2, 100}),
              AllOf(HasSubstr("only 50 of the 100 batches"), HasSubstr("--buffer-bytes 101M"),
                    HasSubstr("--batch-size"), Not(HasSubstr("--buffer-size 75"))));
}

TEST(Advice, SlowStorageIsNamed) {
  AdviceInput input = kTwoCores;
  input.read_share = 0.7;
  EXPECT_THAT(advise(starved(), input), AllOf(HasSubstr("70 % of the time"), HasSubstr("reading")));
}

TEST(Advice, ACacheIsAdvisedWithItsSize) {
  AdviceInput input = kTwoCores;
  input.cache_whole = std::uint64_t{3} << 30;
  EXPECT_THAT(advise(starved(), input), HasSubstr("--cache-bytes 3.1G"));
  Summary cached = starved();
  cached.input.cache_bytes = input.cache_whole;
  EXPECT_THAT(advise(cached, input), Not(HasSubstr("--cache-bytes")));
}

}  // namespace
}  // namespace feedline
