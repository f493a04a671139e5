#include "help.hpp"

#include "description.hpp"
#include "flags.hpp"

#include <sstream>

namespace feedline::config {
namespace {

namespace po = boost::program_options;

constexpr unsigned kColumns = 99;

constexpr const char* kUsage = R"(
Trains a model while keeping its GPU fed: batches are prepared ahead of their use.

Usage:
  feedline [train] --train-data DIR [flags]                one rank: Single-GPU Buffered Mode
  mpirun -np 2 feedline [train] --train-data DIR [flags]   two ranks: Multi-GPU Mode, where rank 0
                                                           prepares the data and rank 1 trains
  feedline probe --train-data DIR [flags]                  measures, predicts how fast each way to
                                                           run will be, and recommends one
  feedline preview --train-data DIR --output DIR [flags]   writes batches as the model sees them
  feedline check DIR                                       reads all samples, lists the bad ones
  feedline evaluate --resume DIR [--val-data DIR]          says how good a checkpoint's model is
  feedline predict --resume DIR FILE...                    says which class each file is of
)";

constexpr const char* kExamples = R"(
Examples:
  Production, two GPUs:
    mpirun -np 2 feedline train --train-data DIR \
      --data-gpu 0 --model-gpu 1 --buffer-size 100 --batch-size 64 --num-workers 16 --epochs 500

  Development, one GPU:
    feedline train --train-data DIR \
      --buffer-size 50 --batch-size 32 --model-size small --epochs 100

  Memory-limited:
    feedline train --train-data DIR \
      --buffer-size 25 --batch-size 16 --grad-accum 4 --num-workers 4
)";

std::string description_of(const Flag& flag) {
  std::string text = flag.help;
  if (!flag.field.choices.empty()) text += ": " + comma_list(flag.field.choices);
  const std::string by_default = default_of(flag);
  return by_default.empty() ? text : text + " (default " + by_default + ")";
}

/// Boost leaves the space at which it broke a line.
std::string tidied(const std::string& text) {
  std::string kept;
  for (const char c : text) {
    while (c == '\n' && kept.ends_with(' ')) kept.pop_back();
    kept += c;
  }
  return kept;
}

}  // namespace

po::options_description describe_flags() {
  po::options_description all(kColumns, kColumns / 2);
  for (const FlagGroup& group : flag_groups()) {
    po::options_description part(group.title, kColumns, kColumns / 2);
    for (const Flag& flag : group.flags) {
      const std::string text = description_of(flag);
      if (flag.is_switch()) {
        part.add_options()(flag.name.c_str(), text.c_str());
      } else {
        part.add_options()(flag.name.c_str(), po::value<std::string>()->value_name(flag.value), text.c_str());
      }
    }
    all.add(part);
  }
  return all;
}

std::string help_text() {
  std::ostringstream text;
  text << version_text() << "\n" << kUsage << describe_flags() << kExamples;
  return tidied(text.str());
}

std::string version_text() {
  return "feedline " FEEDLINE_VERSION;
}

}  // namespace feedline::config
