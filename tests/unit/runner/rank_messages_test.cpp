#include "rank_messages.hpp"

#include <gtest/gtest.h>

namespace feedline {
namespace {

TEST(RankMessages, InputPlansArriveAsTheyWereSent) {
  InputPlan plan;
  plan.info = {Task::kImage,
               60000,
               10000,
               10,
               {{"image", DType::kUInt8, {1, 28, 28}}, {"label", DType::kInt64, {}}},
               {{{64, {{"image", DType::kUInt8, {1, 28, 28}}}}, 60000, 10000}},
               {{0.286F}, {0.353F}},
               "<pad>\n<unk>\nس\n",
               3,
               "cat\ndog\n",
               mel_preset("kaldi-fbank")};
  plan.buffer = {50, 4096, "a sentence"};
  plan.workers = 3;
  const InputPlan got = input_plan_from(to_text(plan));
  EXPECT_EQ(got.info.tensors, plan.info.tensors);
  EXPECT_EQ(got.info.train_size, 60000U);
  ASSERT_EQ(got.info.buckets.size(), 1U);
  EXPECT_EQ(got.info.buckets[0].shape, plan.info.buckets[0].shape);
  EXPECT_EQ(got.info.buckets[0].val, 10000U);
  EXPECT_EQ(got.info.normalization.mean,
            plan.info.normalization.mean);  // to the bit: both ranks must normalise alike
  EXPECT_EQ(got.info.normalization.std, plan.info.normalization.std);
  EXPECT_EQ(got.info.vocabulary, plan.info.vocabulary);
  EXPECT_EQ(got.info.symbols, 3U);
  EXPECT_EQ(got.info.class_names, plan.info.class_names);
  EXPECT_EQ(got.info.mel, plan.info.mel);
  EXPECT_EQ(got.buffer.batches, 50U);
  EXPECT_EQ(got.buffer.note, "a sentence");
  EXPECT_EQ(got.workers, 3);
}

TEST(RankMessages, ReportsSurviveFileNamesInAnyEncoding) {
  RankReport report;
  report.code = ExitCode::kBadData;
  report.message = "cannot read caf\xe9.jpg";
  const RankReport got = rank_report_from(to_text(report));
  EXPECT_EQ(got.code, ExitCode::kBadData);
  EXPECT_NE(got.message.find("cannot read caf"), std::string::npos);
}

}  // namespace
}  // namespace feedline
