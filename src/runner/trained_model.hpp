#pragma once

#include <feedline/config/options.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/engine/model_card.hpp>
#include <feedline/engine/run_state.hpp>

#include <filesystem>
#include <memory>

namespace feedline {

/// A checkpoint that is used for its model, not to go on training.
struct TrainedModel {
  std::filesystem::path path;
  RunState state;
  ModelCard card;
  /// Options of the command line, and for the rest those that the model was trained with
  Options options;
};

/// Finds and reads the checkpoint of --resume: a checkpoint, or the newest sound one of a folder. Throws
/// UsageError.
TrainedModel open_trained_model(const Options& options);

/// Returns the model with its trained values, for batches of `info`. Blocks for seconds. Throws UsageError.
std::unique_ptr<Learner> load_learner(const TrainedModel& model, const DataInfo& info);

}  // namespace feedline
