#include "numbered_batches.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/pipeline/buffer_plan.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const BatchSpec kSpec = testing::numbered_spec(64, 784);
const std::uint64_t kSlot = kSpec.slot_bytes();

TEST(BufferPlan, AsAskedWhenItFits) {
  for (const auto budget : {std::optional<std::uint64_t>(), std::optional(50 * kSlot)}) {
    const BufferPlan plan = plan_buffer(kSpec, 50, budget, 400 * kSlot);
    EXPECT_EQ(plan.batches, 50u);
    EXPECT_EQ(plan.bytes, 50 * kSlot);
    EXPECT_EQ(plan.note, "");
  }
}

TEST(BufferPlan, AQuarterOfFreeMemoryWithoutABudget) {
  const BufferPlan plan = plan_buffer(kSpec, 50, {}, 80 * kSlot);
  EXPECT_EQ(plan.batches, 20u);
  EXPECT_THAT(plan.note, HasSubstr("20 batches, not the 50 of --buffer-size"));
  EXPECT_THAT(plan.note, HasSubstr("a quarter"));
}

TEST(BufferPlan, TheBudgetDecides) {
  const BufferPlan plan = plan_buffer(kSpec, 50, 8 * kSlot - 1, 1000 * kSlot);
  EXPECT_EQ(plan.batches, 7u);
  EXPECT_THAT(plan.note, HasSubstr("--buffer-bytes allows"));
}

TEST(BufferPlan, ABudgetBeyondFreeMemoryIsCut) {
  const BufferPlan plan = plan_buffer(kSpec, 50, 1000 * kSlot, 10 * kSlot);
  EXPECT_EQ(plan.batches, 10u);
  EXPECT_THAT(plan.note, HasSubstr("of memory is free"));
}

TEST(BufferPlan, NotEvenOneBatch) {
  const auto message = HasSubstr("Use a smaller --batch-size");
  EXPECT_THAT([] { plan_buffer(kSpec, 50, kSlot - 1, 1000 * kSlot); }, ThrowsMessage<UsageError>(message));
  EXPECT_THAT([] { plan_buffer(kSpec, 50, {}, 3 * kSlot); }, ThrowsMessage<UsageError>(message));
  EXPECT_THAT([] { plan_buffer(kSpec, 50, {}, 3 * kSlot); },
              ThrowsMessage<UsageError>(HasSubstr("a larger --buffer-bytes")));
  EXPECT_THAT([] { plan_buffer(kSpec, 50, {}, kSlot - 1); },
              ThrowsMessage<UsageError>(HasSubstr("give the job more memory")))
      << "no --buffer-bytes makes more than there is";
}

}  // namespace
}  // namespace feedline
