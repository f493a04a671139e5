#include "checkpoints.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>
#include <feedline/engine/saved_model.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using Resume = CheckpointOptions::Resume;

constexpr const char* kData = "the data";

/// Those of both kinds: they decide what a batch or a step is, or which batches there are.
RunState::Settings flags_that_must_match(const Options& options) {
  RunState::Settings flags = flags_that(OnResume::kMustMatch, options);
  flags.merge(flags_that(OnResume::kSameBatches, options));
  return flags;
}

void describe_run(Checkpoints& checkpoints, const Options& options, const DataInfo& info) {
  checkpoints.must_match = flags_that_must_match(options);
  checkpoints.may_change = flags_that(OnResume::kMayChange, options);
  checkpoints.must_match["the model"] = describe_model(options);
  checkpoints.must_match[kData] = describe_data(info);
}

void open_folder(Checkpoints& checkpoints, const fs::path& path) {
  try {
    checkpoints.folder = std::make_unique<CheckpointFolder>(path);
  } catch (const fs::filesystem_error& error) {
    throw UsageError(fmt::format(
        "--checkpoint-dir {} cannot be written ({}). Give a folder that can be, or leave the flag out to "
        "train without checkpoints.",
        path.string(), error.code().message()));
  }
}

void refuse_old_checkpoints(const fs::path& folder) {
  const auto found = list_checkpoints(folder);
  if (found.empty()) return;
  throw UsageError(fmt::format(
      "--checkpoint-dir {} holds the checkpoints of an earlier run, the newest is {}. Go on from it "
      "with --resume auto, or give another folder.",
      folder.string(), found.front().filename().string()));
}

RunState read_state(const fs::path& checkpoint) {
  verify_checkpoint(checkpoint);
  if (const auto wrong = not_finite_in(checkpoint))
    throw UsageError(fmt::format("values of {} are not finite: the run had diverged", *wrong));
  const fs::path file = checkpoint / RunState::kFile;
  try {
    RunState state = run_state_from(read_text(file));
    // Flags that the program which wrote it did not know: it did what they default to.
    state.must_match.merge(flags_that_must_match(Options{}));
    state.may_change.merge(flags_that(OnResume::kMayChange, Options{}));
    return state;
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: {}", file.string(), error.what()));
  }
}

/// The newest that is sound; tells why others are passed over.
void choose_newest(Checkpoints& checkpoints, const fs::path& folder) {
  const std::vector<fs::path> found = list_checkpoints(folder);
  for (const fs::path& checkpoint : found) {
    try {
      checkpoints.resumed = read_state(checkpoint);
      checkpoints.from = checkpoint;
      return;
    } catch (const UsageError& error) {
      log_warning(
          fmt::format("Passed over the checkpoint {}: {}.", checkpoint.filename().string(), error.what()));
    }
  }
  if (found.empty()) return;
  throw UsageError(fmt::format(
      "None of the {} in {} is sound; the reasons are above. Give the path of another with --resume, "
      "or another --checkpoint-dir to start anew.",
      found.size() == 1 ? "checkpoints (1)" : fmt::format("{} checkpoints", found.size()), folder.string()));
}

/// Where there are no links, `best` is a text file that names a checkpoint beside it.
fs::path followed(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return path;
  constexpr std::uintmax_t kLongestName = 255;
  if (fs::file_size(path, ignored) > kLongestName) return path;
  std::string name = read_text(path);
  while (!name.empty() && (name.back() == '\n' || name.back() == '\r')) name.pop_back();
  if (name.empty() || name.find('/') != std::string::npos) return path;
  return path.parent_path() / name;
}

void choose_given(Checkpoints& checkpoints, const fs::path& given) {
  const fs::path path = followed(given);
  if (fs::exists(path / Manifest::kName)) {
    try {
      checkpoints.resumed = read_state(path);
    } catch (const UsageError& error) {
      throw UsageError(
          fmt::format("--resume {}: {}. Give another, or --resume auto.", path.string(), error.what()));
    }
    checkpoints.from = path;
    return;
  }
  choose_newest(checkpoints, path);
  if (!checkpoints.resumed) {
    throw UsageError(fmt::format(
        "--resume {}: there is no checkpoint (a folder with a {}), and no folder of checkpoints. Give "
        "one, or --resume auto.",
        path.string(), Manifest::kName));
  }
}

void choose(Checkpoints& checkpoints, const CheckpointOptions& options) {
  switch (options.resume) {
    case Resume::kNone:
      if (options.folder) refuse_old_checkpoints(*options.folder);
      return;
    case Resume::kAuto:
      choose_newest(checkpoints, *options.folder);
      if (!checkpoints.resumed)
        log_info(
            fmt::format("There is no checkpoint in {} yet: training starts anew.", options.folder->string()));
      return;
    case Resume::kPath:
      choose_given(checkpoints, options.resume_path);
      return;
  }
}

void check_fit(Checkpoints& checkpoints, bool anyway) {
  const auto wrong = differences(checkpoints.resumed->must_match, checkpoints.must_match);
  if (!wrong.empty()) {
    const std::string text = fmt::format("The checkpoint {} does not fit this run: {}.",
                                         checkpoints.from.string(), fmt::join(wrong, "; "));
    if (!anyway) throw UsageError(text + " Give what it was made with, or --resume-anyway.");
    log_warning(text + " Going on because of --resume-anyway.");
  }
  if (checkpoints.resumed->may_change["--order"] == "ready") {
    log_warning(
        "It was made with --order ready: if it stands in the middle of an epoch, a few samples of that may "
        "be shown "
        "twice or not at all.");
  }
  const auto changed = differences(checkpoints.resumed->may_change, checkpoints.may_change);
  if (!changed.empty()) log_info(fmt::format("Since that checkpoint: {}.", fmt::join(changed, "; ")));
}

void tell(const Checkpoints& checkpoints) {
  const TrainReport& report = checkpoints.resumed->report;
  log_info(fmt::format("Going on from {}: {} of the optimizer's steps done, {} of the epochs.",
                       checkpoints.from.string(), report.steps, report.epochs));
}

bool of_other_batches(const Checkpoints& checkpoints) {
  const auto is_changed = [&](const std::string& name) {
    const auto was = checkpoints.resumed->must_match.find(name);
    return was == checkpoints.resumed->must_match.end() || was->second != checkpoints.must_match.at(name);
  };
  const RunState::Settings flags = flags_that(OnResume::kSameBatches, Options{});
  return is_changed(kData) ||
         std::any_of(flags.begin(), flags.end(), [&](const auto& flag) { return is_changed(flag.first); });
}

}  // namespace

bool Checkpoints::is_saved() const {
  std::error_code ignored;
  return folder && resumed && !moved && fs::equivalent(from.parent_path(), folder->path(), ignored);
}

std::string describe_model(const Options& options) {
  const TrainOptions& train = options.train;
  if (train.synthetic_step_ms) return "the timed consumer";
  if (!train.model_file) return "--model-size " + value_of_flag("model-size", options);
  std::string hash = "unread";
  if (std::error_code ignored; !fs::is_regular_file(*train.model_file, ignored))
    return train.model_file->filename().string();  // a pipe or a device may never end
  try {
    hash = hex(digest_of(*train.model_file).hash);
  } catch (const fs::filesystem_error&) {
    // Loading it tells what is wrong with it.
  }
  return fmt::format("{} (XXH3 {})", train.model_file->filename().string(), hash);
}

std::string describe_data(const DataInfo& info) {
  return fmt::format("{} training and {} validation samples (fingerprint {})", info.train_size, info.val_size,
                     hex(info.fingerprint));
}

RunState::Settings describe_source(const DataOptions& options, const DataInfo& info) {
  RunState::Settings source = {{"--train-data", fs::absolute(options.train_data).string()},
                               {"--val-fraction", fmt::format("{}", options.val_fraction)},
                               {"--task", std::string(task_name(info.task))}};
  if (options.val_data) source["--val-data"] = fs::absolute(*options.val_data).string();
  return source;
}

FoundCheckpoint find_checkpoint(const fs::path& path) {
  Checkpoints found;
  choose_given(found, path);
  return {found.from, std::move(*found.resumed)};
}

std::optional<ModelSize> size_of(const RunState& checkpoint, const Options& options) {
  if (options.model_size_given || options.train.model_file || options.train.synthetic_step_ms)
    return std::nullopt;
  const auto model = checkpoint.must_match.find("the model");
  if (model == checkpoint.must_match.end()) return std::nullopt;
  for (const ModelSize size : {ModelSize::kTiny, ModelSize::kSmall, ModelSize::kNormal, ModelSize::kBig}) {
    Options sized = options;
    sized.train.model_size = size;
    if (model->second != describe_model(sized)) continue;
    if (size == options.train.model_size) return std::nullopt;
    log_info(fmt::format("The model's size is that of the checkpoint: {}.", model->second));
    return size;
  }
  return std::nullopt;
}

Checkpoints open_checkpoints(World& world, const Options& options, const Roles& roles, const DataInfo& info) {
  Checkpoints checkpoints;
  std::string text;
  world.together("look for a checkpoint", [&] {
    if (!roles.trains(world.rank())) return;
    describe_run(checkpoints, options, info);
    if (options.checkpoints.folder) open_folder(checkpoints, *options.checkpoints.folder);
    choose(checkpoints, options.checkpoints);
    if (!checkpoints.resumed) return;
    checkpoints.model_size = size_of(*checkpoints.resumed, options);
    if (checkpoints.model_size)
      checkpoints.must_match["the model"] = checkpoints.resumed->must_match["the model"];
    check_fit(checkpoints, options.checkpoints.resume_anyway);
    tell(checkpoints);
    checkpoints.moved = of_other_batches(checkpoints);
    if (checkpoints.moved) checkpoints.resumed->must_match = checkpoints.must_match;
    text = (checkpoints.moved ? "moved" : "same ") + to_text(*checkpoints.resumed);
  });
  text = world.broadcast(text, roles.model_rank(), "the checkpoint to go on from");
  if (text.empty() || checkpoints.resumed) return checkpoints;
  constexpr std::size_t kWord = 5;
  checkpoints.moved = text.starts_with("moved");
  checkpoints.resumed = run_state_from(text.substr(kWord));
  return checkpoints;
}

}  // namespace feedline
