#include "trained_model.hpp"

#include "checkpoints.hpp"
#include "choose_devices.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

namespace feedline {
namespace {

/// Flags that say what the model is and how its inputs are made; those of the command line come first.
Options with_flags_of(const RunState& state, const ModelCard& card, const Options& given) {
  RunState::Settings flags = state.data;
  if (card.built_in) flags["--model-size"] = card.model;
  for (const auto& [name, value] : state.must_match)
    if (name.starts_with("--")) flags.emplace(name, value);
  Options options = with_defaults(given, flags);
  if (given.data.val_data) options.data.val_data = given.data.val_data;
  return options;
}

/// Flags that decide what the model's inputs are cannot differ from those that it was trained with.
void refuse_other_inputs(const TrainedModel& model) {
  constexpr std::array kOfInputs = {"--image-size", "--clip-seconds", "--mel-preset", "--sample-rate",
                                    "--n-fft",      "--win-length",   "--hop-length", "--n-mels",
                                    "--f-min",      "--f-max",        "--mel-fields"};
  for (const char* flag : kOfInputs) {
    const auto trained = model.state.must_match.find(flag);
    const std::string now = value_of_flag(flag + 2, model.options);
    if (trained == model.state.must_match.end() || trained->second == now) continue;
    throw UsageError(fmt::format("{} {}: the model of {} was trained with {}. Drop the flag.", flag, now,
                                 model.path.string(),
                                 trained->second == "unset" ? "the default" : trained->second));
  }
  const auto task = model.state.data.find("--task");
  const std::optional<Task> given = model.options.data.task;
  if (task != model.state.data.end() && given && task->second != task_name(*given))
    throw UsageError(fmt::format("--task {}: the model of {} was trained with --task {}. Drop the flag.",
                                 task_name(*given), model.path.string(), task->second));
  if (model.options.train.synthetic_step_ms)
    throw UsageError("--synthetic-step-ms stands in for a model, and a checkpoint has one. Drop the flag.");
}

void check_model_file(const TrainedModel& model) {
  const auto trained = model.state.must_match.find("the model");
  if (!model.options.train.model_file)
    throw UsageError(fmt::format(
        "The model of {} is {}, a TorchScript file, which a checkpoint does not hold: give it with --model.",
        model.path.string(), model.card.model));
  const std::string now = describe_model(model.options);
  if (trained != model.state.must_match.end() && trained->second != now)
    log_warning(fmt::format("The model is {}, and {} was trained with {}.", now, model.path.string(),
                            trained->second));
}

}  // namespace

TrainedModel open_trained_model(const Options& given) {
  const CheckpointOptions& from = given.checkpoints;
  FoundCheckpoint found =
      find_checkpoint(from.resume == CheckpointOptions::Resume::kAuto ? *from.folder : from.resume_path);
  TrainedModel model{found.path, std::move(found.state), {}, {}};
  if (model.state.must_match["the model"] == "the timed consumer")
    throw UsageError(fmt::format("The checkpoint {} holds no model: it is of a run with --synthetic-step-ms.",
                                 model.path.string()));
  model.card = read_model_card(model.path);
  model.options = with_flags_of(model.state, model.card, given);
  refuse_other_inputs(model);
  if (!model.card.built_in) check_model_file(model);
  return model;
}

std::unique_ptr<Learner> load_learner(const TrainedModel& model, const DataInfo& info) {
  auto learner = make_learner(train_settings_here(model.options), info);
  learner->load_model(model.path);
  return learner;
}

}  // namespace feedline
