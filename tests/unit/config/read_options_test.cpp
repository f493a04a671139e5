#include "parsing.hpp"

#include <gmock/gmock.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ReadOptions, DefaultsAreTheContracts) {
  const Options options = options_of({});
  EXPECT_EQ(options.buffer_size, 50u);
  EXPECT_DOUBLE_EQ(options.model_start_delay, 2.0);
  EXPECT_EQ(options.grad_accum, 1u);
  EXPECT_DOUBLE_EQ(options.data.val_fraction, 0.1);
  EXPECT_EQ(options.data.seed, 0u);
  EXPECT_EQ(options.device, DevicePreference::kAuto);
  EXPECT_EQ(options.transport, std::nullopt);
  EXPECT_EQ(options.data.task, std::nullopt);
  EXPECT_EQ(options.max_steps, 0u);
  EXPECT_EQ(options.train.optimizer, OptimizerKind::kAdam);
  EXPECT_EQ(options.train.model_size, ModelSize::kNormal);
  EXPECT_FALSE(options.data_gpu || options.model_gpu || options.num_workers || options.buffer_bytes);
  EXPECT_FALSE(options.train_threads || options.warmup_steps || options.summary || options.trace ||
               options.data.val_data);
  EXPECT_FALSE(options.train.synthetic_step_ms || options.train.model_file || options.data_ranks);
}

TEST(ReadOptions, ModeAndDevices) {
  const Options options =
      options_of({"--data-gpu", "0", "--model-gpu", "1", "--device", "cuda", "--data-ranks", "1",
                  "--transport", "shm", "--model-start-delay", "3.5"});
  EXPECT_EQ(options.data_gpu, 0);
  EXPECT_EQ(options.model_gpu, 1);
  EXPECT_EQ(options.device, DevicePreference::kCuda);
  EXPECT_EQ(options.data_ranks, 1);
  EXPECT_EQ(options.transport, TransportKind::kShm);
  EXPECT_DOUBLE_EQ(options.model_start_delay, 3.5);
}

TEST(ReadOptions, OneGpuFlagAloneIsKept) {
  EXPECT_EQ(options_of({"--data-gpu", "2"}).data_gpu, 2);
  EXPECT_EQ(options_of({"--model-gpu", "3"}).model_gpu, 3);
}

TEST(ReadOptions, Data) {
  const Options options =
      options_of({"--val-data", "/val", "--val-fraction", "0", "--task", "image", "--augment", "none"});
  EXPECT_EQ(options.data.train_data, "/data");
  EXPECT_EQ(options.data.val_data, "/val");
  EXPECT_DOUBLE_EQ(options.data.val_fraction, 0);
  EXPECT_EQ(options.data.task, Task::kImage);
  EXPECT_EQ(options.data.augment, Augment::kNone);
}

TEST(ReadOptions, Input) {
  const Options options =
      options_of({"--batch-size", "16", "--num-workers", "5", "--buffer-size", "25", "--buffer-bytes", "3G"});
  EXPECT_EQ(options.data.batch_size, 16u);
  EXPECT_EQ(options.num_workers, 5);
  EXPECT_EQ(options.buffer_size, 25u);
  EXPECT_EQ(options.buffer_bytes, std::uint64_t{3} << 30);
}

TEST(ReadOptions, Training) {
  const Options options =
      options_of({"--epochs",        "3",      "--max-steps",  "7",    "--lr",         "1e-2",
                  "--warmup-steps",  "9",      "--optimizer",  "sgd",  "--momentum",   "0.5",
                  "--weight-decay",  "0.01",   "--grad-accum", "4",    "--model-size", "tiny",
                  "--train-threads", "2",      "--precision",  "fp32", "--summary",    "s.json",
                  "--trace",         "t.json", "--history",    "h.csv"});
  EXPECT_EQ(options.epochs, 3u);
  EXPECT_EQ(options.max_steps, 7u);
  EXPECT_DOUBLE_EQ(options.train.lr, 0.01);
  EXPECT_EQ(options.warmup_steps, 9u);
  EXPECT_EQ(options.train.optimizer, OptimizerKind::kSgd);
  EXPECT_DOUBLE_EQ(options.train.momentum, 0.5);
  EXPECT_DOUBLE_EQ(options.train.weight_decay, 0.01);
  EXPECT_EQ(options.grad_accum, 4u);
  EXPECT_EQ(options.train.model_size, ModelSize::kTiny);
  EXPECT_EQ(options.train_threads, 2);
  EXPECT_EQ(options.summary, "s.json");
  EXPECT_EQ(options.trace, "t.json");
  EXPECT_EQ(options.history, "h.csv");
}

TEST(ReadOptions, EveryModelSize) {
  EXPECT_EQ(options_of({"--model-size", "small"}).train.model_size, ModelSize::kSmall);
  EXPECT_EQ(options_of({"--model-size", "normal"}).train.model_size, ModelSize::kNormal);
  EXPECT_EQ(options_of({"--model-size", "big"}).train.model_size, ModelSize::kBig);
}

TEST(ReadOptions, ModelFileOrTimedConsumer) {
  EXPECT_EQ(options_of({"--model", "net.pt"}).train.model_file, "net.pt");
  EXPECT_EQ(options_of({"--synthetic-step-ms", "0"}).train.synthetic_step_ms, 0.0);
}

TEST(ReadOptions, OneSeedForDataAndTraining) {
  const Options options = options_of({"--seed", "18446744073709551615"});
  EXPECT_EQ(options.data.seed, std::uint64_t{18446744073709551615u});
  EXPECT_EQ(options.train.seed, options.data.seed);
}

using BadValue = std::tuple<const char*, const char*, const char*>;  // flag, value, what is allowed

class BadValueTest : public testing::TestWithParam<BadValue> {};

TEST_P(BadValueTest, NamesFlagValueAndWhatIsAllowed) {
  const auto [flag, value, allowed] = GetParam();
  EXPECT_THAT(refusal({flag, value, "--train-data", "/data"}),
              AllOf(HasSubstr(std::string(flag) + " " + value + " is not allowed"), HasSubstr(allowed)));
}

INSTANTIATE_TEST_SUITE_P(
    ReadOptions, BadValueTest,
    testing::Values(
        BadValue{"--data-gpu", "-1", "at least 0"}, BadValue{"--data-gpu", "one", "at least 0"},
        BadValue{"--model-gpu", "-2", "at least 0"},
        BadValue{"--model-gpu", "2147483648", "from 0 to 2147483647"},
        BadValue{"--device", "gpu", "auto, cpu, cuda"}, BadValue{"--data-ranks", "0", "at least 1"},
        BadValue{"--transport", "smh", "did you mean shm?"},
        BadValue{"--model-start-delay", "-0.5", "from 0"}, BadValue{"--model-start-delay", "inf", "from 0"},
        BadValue{"--val-fraction", "1", "from 0 to below 1"},
        BadValue{"--val-fraction", "-0.1", "from 0 to below 1"},
        BadValue{"--task", "images", "did you mean image?"},
        BadValue{"--augment", "base", "none, basic, strong"},
        BadValue{"--bad-samples", "drop", "replace, skip"}, BadValue{"--batch-size", "0", "at least 1"},
        BadValue{"--batch-size", "16x", "at least 1"}, BadValue{"--batch-size", "-16", "at least 1"},
        BadValue{"--batch-size", "1.5", "at least 1"}, BadValue{"--batch-size", " 4", "at least 1"},
        BadValue{"--batch-size", "4294967296", "to 4294967295"},
        BadValue{"--num-workers", "0", "from 1 to 4096"}, BadValue{"--num-workers", "5000", "from 1 to 4096"},
        BadValue{"--buffer-size", "0", "from 1 to 1000000"}, BadValue{"--buffer-bytes", "3X", "such as 3G"},
        BadValue{"--buffer-bytes", "0", "such as 3G"}, BadValue{"--buffer-bytes", "-1", "such as 3G"},
        BadValue{"--order", "strickt", "did you mean strict?"},
        BadValue{"--cache", "some", "auto, none, encoded"}));

INSTANTIATE_TEST_SUITE_P(
    ReadTraining, BadValueTest,
    testing::Values(
        BadValue{"--epochs", "0", "at least 1"}, BadValue{"--max-steps", "-1", "at least 0"},
        BadValue{"--max-steps", "99999999999999999999", "from 0 to"}, BadValue{"--lr", "0", "above 0"},
        BadValue{"--lr", "-0.1", "above 0"}, BadValue{"--lr", "nan", "above 0"},
        BadValue{"--lr", "inf", "above 0"}, BadValue{"--lr", "0.1x", "above 0"},
        BadValue{"--lr", "1e999", "above 0"}, BadValue{"--warmup-steps", "-1", "at least 0"},
        BadValue{"--optimizer", "sdg", "did you mean sgd?"}, BadValue{"--momentum", "1", "from 0 to below 1"},
        BadValue{"--weight-decay", "-1", "at least 0"}, BadValue{"--grad-accum", "0", "at least 1"},
        BadValue{"--model-size", "smal", "did you mean small?"}, BadValue{"--precision", "fp8", "fp32"},
        BadValue{"--train-threads", "0", "from 1 to 4096"}, BadValue{"--seed", "-1", "at least 0"},
        BadValue{"--synthetic-step-ms", "-1", "from 0"}));

TEST(ReadOptions, GraphsMayBeTurnedOff) {
  EXPECT_TRUE(options_of({}).train.graphs);
  EXPECT_TRUE(options_of({"--cuda-graphs", "auto"}).train.graphs);
  EXPECT_FALSE(options_of({"--cuda-graphs", "off"}).train.graphs);
}

TEST(ReadOptions, LanguagesAndEncodingsAreThoseThatDoSomething) {
  EXPECT_EQ(options_of({"--lang", "fa"}).data.speech.language, "fa");
  EXPECT_NE(refusal({"--train-data", "/data", "--lang", "de"}).find("fa"), std::string::npos);
  EXPECT_EQ(options_of({"--text-encoding", "CP1256"}).data.speech.text_encoding, "windows-1256");
  EXPECT_EQ(options_of({"--text-encoding", "utf8"}).data.speech.text_encoding, "utf-8");
  EXPECT_NE(refusal({"--train-data", "/data", "--text-encoding", "utf-7"}).find("windows-1258"),
            std::string::npos);
}

TEST(ReadOptions, TakesValuesThatNeedNothingMore) {
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
           {"--nccl-max-ctas", "2"},   {"--data-ranks", "2"},
           {"--trace", "t.json"},      {"--mel-device", "gpu"}}) {
    EXPECT_EQ(refusal({"--train-data", "/data", flag, value}), "") << flag;
  }
}

}  // namespace
}  // namespace feedline
