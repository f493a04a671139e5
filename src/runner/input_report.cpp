#include "input_report.hpp"

#include <feedline/common/log.hpp>

#include <fmt/format.h>

#include <string>
#include <system_error>

namespace feedline {

void note_input(Outcome& outcome, const Prefetcher& prefetcher, const DataSplits& data,
                const BadSamples& bad) {
  outcome.input = prefetcher.stats();
  outcome.stages = stages_of(*data.train);
  tell_remarks(data);
  if (const std::string reasons = bad.by_reason(); !reasons.empty())
    log_info("Samples that could not be used, by reason:" + reasons);
  const CacheStats train = cache_of(*data.train), val = cache_of(*data.val);
  outcome.cache = train;
  if (val.bytes != train.bytes || val.hits != train.hits) {  // a cache of its own
    outcome.cache.bytes += val.bytes;
    outcome.cache.hits += val.hits;
  }
}

void tell_remarks(const DataSplits& data) {
  const std::string train = remarks_of(*data.train), val = remarks_of(*data.val);
  if (!train.empty()) log_info(train);
  if (!val.empty() && val != train) log_info("Validation: " + val);  // else they share their recordings
}

std::optional<std::filesystem::path> bad_samples_list(const Options& options, int data_rank) {
  const std::string name =
      data_rank == 0 ? "bad_samples.jsonl" : fmt::format("bad_samples.rank{}.jsonl", data_rank);
  if (options.checkpoints.folder) return *options.checkpoints.folder / name;
  std::error_code ignored;
  if (!options.summary || (std::filesystem::exists(*options.summary, ignored) &&
                           !std::filesystem::is_regular_file(*options.summary, ignored)))
    return std::nullopt;
  return options.summary->parent_path() / name;
}

}  // namespace feedline
