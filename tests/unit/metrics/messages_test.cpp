#include <feedline/metrics/messages.hpp>

#include <gmock/gmock.h>

namespace feedline {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Messages, MultiGpuBanner) {
  EXPECT_EQ(multi_gpu_banner("cuda:0", "cuda:1", 50),
            "🚀 Intelligent GPU Pipeline: Multi-GPU Mode\n"
            "   - Data Processing GPU: 0\n"
            "   - Model Training GPU: 1\n"
            "   - Prefetching to /GPU:0 with buffer_size=50");
}

TEST(Messages, MultiGpuBannerOnTheCpu) {
  EXPECT_EQ(multi_gpu_banner("cpu", "cpu", 25),
            "🚀 Intelligent GPU Pipeline: Multi-GPU Mode\n"
            "   - Data Processing GPU: CPU\n"
            "   - Model Training GPU: CPU\n"
            "   - Prefetching to /CPU:0 with buffer_size=25");
}

TEST(Messages, SingleGpuBanner) {
  EXPECT_EQ(single_gpu_banner("cuda:0", 50),
            "🚀 Intelligent GPU Pipeline: Single-GPU Buffered Mode\n"
            "   - Buffer Size: 50\n"
            "   - Smart Prefetching: Enabled\n"
            "   - Prefetching to /GPU:0 with buffer_size=50");
  EXPECT_THAT(single_gpu_banner("cuda:11", 7), HasSubstr("/GPU:11 with buffer_size=7"));
  EXPECT_THAT(single_gpu_banner("cpu", 50), HasSubstr("   - Prefetching to /CPU:0 with buffer_size=50"));
}

TEST(Messages, Waiting) {
  EXPECT_EQ(waiting_message(2), "🕐 Multi-GPU Mode: Waiting 2.0s for data pipeline to warm up...");
  EXPECT_EQ(waiting_message(0.25), "🕐 Multi-GPU Mode: Waiting 0.25s for data pipeline to warm up...");
}

TEST(Messages, TrainingStarts) {
  EXPECT_EQ(training_starts(), "✅ Model training starting now");
}

}  // namespace
}  // namespace feedline
