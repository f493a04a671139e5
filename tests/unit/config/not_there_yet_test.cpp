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

INSTANTIATE_TEST_SUITE_P(Values, NotThereYet,
                         testing::Values(Flag{"--precision", "bf16"}, Flag{"--precision", "fp16"},
                                         Flag{"--precision", "tf32"}, Flag{"--task", "audio"},
                                         Flag{"--task", "speech"}, Flag{"--transport", "nccl"},
                                         Flag{"--data-ranks", "2"}));

INSTANTIATE_TEST_SUITE_P(WholeFlags, NotThereYet,
                         testing::Values(Flag{"--mel-preset", "p"}, Flag{"--sample-rate", "22050"},
                                         Flag{"--n-fft", "1024"}, Flag{"--win-length", "1024"},
                                         Flag{"--hop-length", "256"}, Flag{"--n-mels", "80"},
                                         Flag{"--f-min", "0"}, Flag{"--f-max", "8000"},
                                         Flag{"--clip-seconds", "4"}, Flag{"--enable-static-shapes"},
                                         Flag{"--max-text-length", "100"}, Flag{"--max-mel-frames", "800"},
                                         Flag{"--trace", "t.json"}));

TEST(ThereAlready, ValuesThatNeedNothingMoreAreTaken) {
  for (const auto& [flag, value] :
       std::vector<std::pair<std::string, std::string>>{{"--cache", "none"},
                                                        {"--cache", "decoded"},
                                                        {"--cache-bytes", "3G"},
                                                        {"--image-size", "96"},
                                                        {"--augment", "strong"},
                                                        {"--bad-samples", "skip"},
                                                        {"--cache", "auto"},
                                                        {"--order", "ready"},
                                                        {"--bad-samples", "replace"},
                                                        {"--precision", "fp32"},
                                                        {"--resume", "none"},
                                                        {"--augment", "basic"},
                                                        {"--task", "image"},
                                                        {"--transport", "mpi"},
                                                        {"--transport", "local"},
                                                        {"--data-ranks", "1"}}) {
    EXPECT_EQ(refusal({"--train-data", "/data", flag, value}), "") << flag;
  }
}

}  // namespace
}  // namespace feedline
