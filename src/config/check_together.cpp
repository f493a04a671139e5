#include "read_options.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

namespace feedline::config {
namespace {

bool is_one_file(const std::filesystem::path& one, const std::filesystem::path& other) {
  std::error_code ignored;
  if (std::filesystem::exists(one, ignored) && !std::filesystem::is_regular_file(one, ignored))
    return false;  // /dev/stdout may well take both
  const auto whole = [&](const std::filesystem::path& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
  };
  return whole(one) == whole(other);
}

void refuse_both(const FlagValues& values, const char* one, const char* other, const char* why) {
  const GivenFlag* first = values.find(one);
  const GivenFlag* second = values.find(other);
  if (first == nullptr || second == nullptr) return;
  throw UsageError(
      fmt::format("{} and {} cannot be given together: {}", first->written(), second->written(), why));
}

/// Files of reports: one would replace the other without a word.
void refuse_one_file(const FlagValues& values) {
  constexpr std::array kReports = {"summary", "history", "trace"};
  for (std::size_t i = 0; i < kReports.size(); ++i) {
    for (std::size_t other = i + 1; other < kReports.size(); ++other) {
      const GivenFlag* one = values.find(kReports[i]);
      const GivenFlag* two = values.find(kReports[other]);
      if (one == nullptr || two == nullptr || !is_one_file(one->text, two->text)) continue;
      throw UsageError(fmt::format("{} and {} name one file. Give each a file of its own.", one->written(),
                                   two->written()));
    }
  }
}

bool is(const GivenFlag* given, const char* text) {
  return given != nullptr && given->text == text;
}

}  // namespace

void check_together(const FlagValues& values, bool trains) {
  refuse_one_file(values);
  refuse_both(values, "model", "model-size", "--model-size is for the built-in model. Drop one of them.");
  refuse_both(values, "synthetic-step-ms", "model",
              "the timed consumer stands in for a model. Drop one of them.");
  if (is(values.find("device"), "cpu")) {
    for (const char* gpu : {"data-gpu", "model-gpu"}) {
      refuse_both(values, "device", gpu, "one asks for no GPU, the other for one. Drop one of them.");
    }
  }
  if (const GivenFlag* momentum = values.find("momentum"); momentum && !is(values.find("optimizer"), "sgd")) {
    throw UsageError(momentum->written() +
                     " changes nothing with --optimizer adam. Add --optimizer sgd, or drop it.");
  }
  if (const GivenFlag* resume = values.find("resume");
      is(resume, "auto") && values.find("checkpoint-dir") == nullptr) {
    throw UsageError(resume->written() +
                     " needs --checkpoint-dir DIR, the folder to look in. Or give a path: --resume DIR.");
  }
  for (const char* flag : {"checkpoint-every-steps", "checkpoint-every-minutes", "keep-checkpoints"}) {
    if (const GivenFlag* given = values.find(flag); given != nullptr && !values.find("checkpoint-dir"))
      throw UsageError(given->written() +
                       " changes nothing without --checkpoint-dir DIR. Add that, or drop it.");
  }
  if (const GivenFlag* ranks = values.find("data-ranks"); ranks != nullptr && ranks->text != "1") {
    refuse_both(values, "data-ranks", "data-gpu", "several ranks prepare data on the CPU. Drop --data-gpu.");
    if (is(values.find("transport"), "nccl"))
      refuse_both(values, "data-ranks", "transport",
                  "several ranks prepare data on the CPU. Use --transport auto.");
  }
  if (is(values.find("mel-device"), "gpu"))
    refuse_both(values, "mel-device", "isolate-decoders",
                "contained decoders make whole samples, spectrograms included. Drop one of them.");
  if (trains && values.find("train-data") == nullptr) {
    throw UsageError(
        "--train-data is missing: training needs a folder with data, as in `feedline --train-data DIR`. "
        "`feedline --help` lists all flags.");
  }
}

}  // namespace feedline::config
