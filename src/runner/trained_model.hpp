#pragma once

#include <feedline/config/options.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/engine/model_card.hpp>
#include <feedline/engine/run_state.hpp>

#include <filesystem>
#include <memory>

namespace feedline {

/// A checkpoint that is to be used, not to be trained on.
struct TrainedModel {
  std::filesystem::path path;
  RunState state;
  ModelCard card;
  Options options;  ///< those of the command line, then those that the model was trained with
};

/// Finds and reads the checkpoint of --resume: one, or the newest sound one of a folder. Throws UsageError.
TrainedModel open_trained_model(const Options& options);

/// The model with its trained values, for batches of `info`. Blocks for seconds. Throws UsageError.
std::unique_ptr<Learner> load_learner(const TrainedModel& model, const DataInfo& info);

}  // namespace feedline
