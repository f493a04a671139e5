#include "idle_flags.hpp"
#include "outcome.hpp"
#include "trained_model.hpp"
#include "val_stream.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>
#include <feedline/data/class_list.hpp>
#include <feedline/data/file_kind.hpp>
#include <feedline/data/open_trained.hpp>
#include <feedline/data/wrapped_dataset.hpp>
#include <feedline/loader/loader.hpp>
#include <feedline/runner/commands.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostNamed = 5;

/// Files of which those that cannot be read become black pictures or silence, and are noted.
class NotingDataset final : public WrappedDataset {
 public:
  using WrappedDataset::WrappedDataset;

  void load(const SampleKey& key, SampleView out) const override {
    try {
      inner().load(key, out);
    } catch (const SampleError& error) {
      for (const std::span<std::byte> tensor : out) std::memset(tensor.data(), 0, tensor.size());
      const std::lock_guard lock(mutex_);
      reasons_[key.id] = error.reason();
    }
  }

  /// Why file `id` could not be read; nothing when it could.
  std::optional<std::string> reason(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = reasons_.find(id);
    return found == reasons_.end() ? std::nullopt : std::optional(found->second);
  }

  std::size_t unreadable() const {
    const std::lock_guard lock(mutex_);
    return reasons_.size();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::uint64_t, std::string> reasons_;
};

/// The files of `kind` in a folder and all folders in it, sorted bytewise. Throws DataError.
std::vector<fs::path> files_below(const fs::path& folder, const FileKind& kind) {
  std::vector<fs::path> files;
  try {
    for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator();
         ++entry) {
      const std::string name = entry->path().filename().string();
      if (name.starts_with(".")) entry.disable_recursion_pending();
      if (!name.starts_with(".") && kind.takes(name) && !entry->is_directory())
        files.push_back(entry->path());
    }
  } catch (const fs::filesystem_error& error) {
    throw DataError(fmt::format("{} cannot be read: {}. Check its permissions.",
                                printable(error.path1().string()), error.code().message()));
  }
  if (files.empty())
    throw DataError(fmt::format("{} has no {} in it.", printable(folder.string()), kind.many));
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> files_of(const std::vector<fs::path>& inputs, const FileKind& kind) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const fs::path& input : inputs) {
    if (input.empty()) throw UsageError("One of the files to predict has an empty name.");
    if (!fs::is_directory(input, ignored)) {
      files.push_back(input);
      continue;
    }
    const std::vector<fs::path> found = files_below(input, kind);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

/// The likeliest classes first.
Json prediction_json(const std::vector<float>& probabilities, const std::vector<std::string>& names) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  const auto one = [&](std::size_t label) {
    return Json{{"class", names[label]}, {"label", label}, {"probability", probabilities[label]}};
  };
  Json json = one(order.front());
  json["likeliest"] = Json::array();
  for (std::size_t i = 0; i < std::min(kMostNamed, order.size()); ++i)
    json["likeliest"].push_back(one(order[i]));
  return json;
}

/// Layout of batches of these files.
DataInfo info_of(const TrainedModel& model, std::uint64_t files) {
  DataInfo info = model.card.data;
  const std::uint64_t rows = std::min<std::uint64_t>(model.options.data.batch_size, files);
  info.buckets = {{{static_cast<std::uint32_t>(rows), info.tensors}, 0, files}};
  return info;
}

void predict(const PredictCommand& command) {
  const TrainedModel model = open_trained_model(command.options);
  warn_of_idle_flags(command.options, model.card.data.task);
  const std::vector<fs::path> files = files_of(command.inputs, file_kind_of(model.card.data));
  const auto set = std::make_shared<NotingDataset>(open_files(files, model.options.data, model.card.data));
  const DataInfo info = info_of(model, files.size());
  const auto learner = load_learner(model, info);
  const std::vector<std::string> names = listed_names(info.class_names);
  Loader batches(
      plan_validation(model.options, set, info, BadSamplePolicy::kAbort));  // the set throws for none
  std::size_t next = 0;
  while (const BatchLease batch = batches.next()) {
    for (const std::vector<float>& row : learner->classify(*batch)) {
      Json line = {{"path", readable_name(files[next].string())}};
      if (const auto reason = set->reason(next)) {
        line["error"] = *reason;
      } else {
        line.update(prediction_json(row, names));
      }
      say(line.dump(-1, ' ', false, Json::error_handler_t::replace));
      ++next;
    }
  }
  if (const std::string remarks = remarks_of(*set); !remarks.empty()) log_warning(remarks);
  if (const std::size_t bad = set->unreadable(); bad > 0)
    throw DataError(fmt::format("{} of {} files cannot be read; their lines say why.", bad, files.size()));
}

}  // namespace

ExitCode run_predict(const PredictCommand& command) {
  Outcome outcome;
  capture(outcome, [&] { predict(command); });
  return outcome.code;
}

}  // namespace feedline
