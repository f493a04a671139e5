#include "parsing.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <utility>

namespace feedline {
namespace {

using testing::HasSubstr;
using Flag = std::vector<std::string>;

class NotThereYet : public testing::TestWithParam<Flag> {};

TEST_P(NotThereYet, IsRefusedAndSaysSo) {
  Flag arguments = GetParam();
  const std::string name = arguments.front();
  arguments.insert(arguments.end(), {"--train-data", "/data"});
  EXPECT_THAT(refusal(arguments), AllOf(testing::StartsWith(name), HasSubstr("is not there yet: ")));
}

INSTANTIATE_TEST_SUITE_P(Values, NotThereYet, testing::Values(Flag{"--data-ranks", "2"}));

TEST(ThereAlready, ValuesThatNeedNothingMoreAreTaken) {
  for (const auto& [flag, value] : std::vector<std::pair<std::string, std::string>>{
           {"--cache", "none"},        {"--task", "audio"},
           {"--task", "speech"},       {"--mel-preset", "hifigan-22k"},
           {"--sample-rate", "22050"}, {"--f-min", "0"},
           {"--clip-seconds", "2.5"},  {"--max-text-length", "100"},
           {"--cache", "decoded"},     {"--cache-bytes", "3G"},
           {"--image-size", "96"},     {"--augment", "strong"},
           {"--bad-samples", "skip"},  {"--cache", "auto"},
           {"--order", "ready"},       {"--bad-samples", "replace"},
           {"--precision", "fp32"},    {"--resume", "none"},
           {"--precision", "bf16"},    {"--precision", "fp16"},
           {"--precision", "tf32"},    {"--augment", "basic"},
           {"--task", "image"},        {"--transport", "mpi"},
           {"--transport", "local"},   {"--transport", "nccl"},
           {"--nccl-max-ctas", "2"},   {"--data-ranks", "1"},
           {"--trace", "t.json"},      {"--mel-device", "gpu"}}) {
    EXPECT_EQ(refusal({"--train-data", "/data", flag, value}), "") << flag;
  }
}

}  // namespace
}  // namespace feedline
