#include "parsing.hpp"

#include <gmock/gmock.h>

namespace feedline {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(CheckTogether, TwoModelsAreRefused) {
  EXPECT_THAT(refusal({"--train-data", "d", "--model", "m.pt", "--model-size", "tiny"}),
              AllOf(HasSubstr("--model m.pt and --model-size tiny"), HasSubstr("Drop one")));
  EXPECT_THAT(refusal({"--train-data", "d", "--synthetic-step-ms", "5", "--model", "m.pt"}),
              AllOf(HasSubstr("--synthetic-step-ms 5 and --model m.pt"), HasSubstr("Drop one")));
}

TEST(CheckTogether, TheTimedConsumerGoesWithAModelSize) {
  EXPECT_EQ(refusal({"--train-data", "d", "--synthetic-step-ms", "5", "--model-size", "tiny"}), "");
}

TEST(CheckTogether, NoGpuOnTheCpu) {
  EXPECT_THAT(refusal({"--train-data", "d", "--device", "cpu", "--data-gpu", "0"}),
              HasSubstr("--device cpu and --data-gpu 0"));
  EXPECT_THAT(refusal({"--train-data", "d", "--device", "cpu", "--model-gpu", "1"}),
              HasSubstr("--device cpu and --model-gpu 1"));
}

TEST(CheckTogether, ContainedDecodersMakeSpectrogramsThemselves) {
  EXPECT_THAT(refusal({"--train-data", "d", "--mel-device", "gpu", "--isolate-decoders"}),
              HasSubstr("--mel-device gpu and --isolate-decoders"));
  EXPECT_EQ(refusal({"--train-data", "d", "--mel-device", "auto", "--isolate-decoders"}), "");
}

TEST(CheckTogether, SeveralDataRanksHaveNoGpu) {
  EXPECT_THAT(refusal({"--train-data", "d", "--data-ranks", "2", "--data-gpu", "0"}),
              HasSubstr("--data-ranks 2 and --data-gpu 0"));
  EXPECT_THAT(refusal({"--train-data", "d", "--data-ranks", "3", "--transport", "nccl"}),
              HasSubstr("--data-ranks 3 and --transport nccl"));
  EXPECT_EQ(refusal({"--train-data", "d", "--data-ranks", "2", "--transport", "mpi", "--model-gpu", "0"}),
            "");
  EXPECT_EQ(refusal({"--train-data", "d", "--data-ranks", "1", "--data-gpu", "0", "--model-gpu", "1"}), "");
}

TEST(CheckTogether, EachReportHasAFileOfItsOwn) {
  EXPECT_THAT(refusal({"--train-data", "d", "--summary", "a.json", "--trace", "./x/../a.json"}),
              HasSubstr("--summary a.json and --trace ./x/../a.json name one file"));
  EXPECT_THAT(refusal({"--train-data", "d", "--history", "a", "--trace", "a"}), HasSubstr("name one file"));
  EXPECT_EQ(refusal({"--train-data", "d", "--summary", "/dev/stdout", "--trace", "/dev/stdout"}), "");
  EXPECT_EQ(refusal({"--train-data", "d", "--summary", "a.json", "--trace", "b.json", "--history", "c"}), "");
}

TEST(CheckTogether, MomentumNeedsSgd) {
  EXPECT_THAT(refusal({"--train-data", "d", "--momentum", "0.5"}), HasSubstr("Add --optimizer sgd"));
  EXPECT_EQ(refusal({"--train-data", "d", "--momentum", "0.5", "--optimizer", "sgd"}), "");
}

TEST(CheckTogether, TrainingNeedsData) {
  EXPECT_THAT(refusal({"--epochs", "3"}), HasSubstr("--train-data is missing"));
}

}  // namespace
}  // namespace feedline
