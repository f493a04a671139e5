#include "parsing.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace feedline {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;

std::string printed(const std::vector<std::string>& arguments) {
  return std::get<PrintCommand>(parse(arguments)).text;
}

TEST(Help, IsThereWhereverItIsAskedFor) {
  const std::string help = printed({"--help"});
  EXPECT_EQ(printed({"-h"}), help);
  EXPECT_EQ(printed({"train", "--help"}), help);
  EXPECT_EQ(printed({"--epochs", "3", "--help"}), help);
  EXPECT_THAT(help, EndsWith("\n"));
}

TEST(Help, ListsEveryFlagOfTheContract) {
  const std::string help = printed({"--help"});
  for (const char* flag : {"data-gpu",
                           "model-gpu",
                           "buffer-size",
                           "model-start-delay",
                           "train-data",
                           "val-data",
                           "batch-size",
                           "num-workers",
                           "epochs",
                           "lr",
                           "model-size",
                           "grad-accum",
                           "enable-static-shapes",
                           "max-text-length",
                           "max-mel-frames",
                           "checkpoint-dir",
                           "task",
                           "model",
                           "device",
                           "data-ranks",
                           "transport",
                           "buffer-bytes",
                           "cache",
                           "cache-bytes",
                           "seed",
                           "order",
                           "bad-samples",
                           "val-fraction",
                           "max-steps",
                           "precision",
                           "train-threads",
                           "resume",
                           "checkpoint-every-steps",
                           "checkpoint-every-minutes",
                           "keep-checkpoints",
                           "resume-anyway",
                           "on-data-rank-loss",
                           "hang-timeout",
                           "isolate-decoders",
                           "image-size",
                           "max-bad",
                           "augment",
                           "mel-preset",
                           "sample-rate",
                           "n-fft",
                           "win-length",
                           "hop-length",
                           "n-mels",
                           "f-min",
                           "f-max",
                           "mel-fields",
                           "mel-device",
                           "cuda-graphs",
                           "clip-seconds",
                           "channel",
                           "keep-silent",
                           "columns",
                           "lang",
                           "max-shapes",
                           "text-encoding",
                           "synthetic-step-ms",
                           "summary",
                           "history",
                           "trace",
                           "config",
                           "optimizer",
                           "momentum",
                           "weight-decay",
                           "warmup-steps",
                           "help",
                           "version"}) {
    EXPECT_THAT(help, HasSubstr("\n  --" + std::string(flag) + " "));
  }
}

TEST(Help, IsGrouped) {
  const std::string help = printed({"--help"});
  std::size_t last = 0;
  for (const char* group : {"Mode and devices", "Data", "Input pipeline", "Training", "Audio and speech",
                            "Text to speech", "Checkpoints", "Reports", "Examples"}) {
    const std::size_t at = help.find("\n" + std::string(group) + ":\n");
    ASSERT_NE(at, std::string::npos) << group;
    EXPECT_GT(at, last) << group;
    last = at;
  }
}

TEST(Help, SaysDefaults) {
  const std::string help = printed({"--help"});
  EXPECT_THAT(help, HasSubstr("batches to prefetch (default 50)"));
  EXPECT_THAT(help, HasSubstr("ranks that prepare data; one more trains (default 1)"));
  EXPECT_THAT(help, HasSubstr("write a timeline of all ranks that opens in Perfetto"));
}

TEST(Help, EndsWithTheThreeExamples) {
  const std::string help = printed({"--help"});
  EXPECT_THAT(help,
              HasSubstr("mpirun -np 2 feedline train --train-data DIR \\\n      --data-gpu 0 --model-gpu 1 "
                        "--buffer-size 100 --batch-size 64 --num-workers 16 --epochs 500\n"));
  EXPECT_THAT(help, HasSubstr("      --buffer-size 50 --batch-size 32 --model-size small --epochs 100\n"));
  EXPECT_THAT(help, EndsWith("      --buffer-size 25 --batch-size 16 --grad-accum 4 --num-workers 4\n"));
}

TEST(Help, FitsAHundredColumns) {
  std::istringstream help(printed({"--help"}));
  for (std::string line; std::getline(help, line);) {
    EXPECT_LT(line.size(), 100u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(Version, IsPrinted) {
  EXPECT_THAT(printed({"--version"}), MatchesRegex("feedline [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

}  // namespace
}  // namespace feedline
