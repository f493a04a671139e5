#pragma once

#include "roles.hpp"

#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/comm/world.hpp>
#include <feedline/config/options.hpp>
#include <feedline/engine/run_state.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace feedline {

/// The checkpoints of a run, as this rank has them.
struct Checkpoints {
  RunState::Settings must_match, may_change;  ///< Settings of this run, see RunState
  std::unique_ptr<CheckpointFolder>
      folder;  ///< Folder to write to, on the model rank; null if no checkpoints are requested
  std::optional<RunState> resumed;  ///< State that the run resumes from, on all ranks
  std::filesystem::path from;       ///< Path of the resumed checkpoint, on the model rank
  /// Whether the checkpoint is of other batches, so that the run resumes at the beginning of the checkpoint's
  /// epoch
  bool moved = false;

  std::optional<ModelSize> model_size;  ///< Model size of the checkpoint, on the model rank, see size_of()

  /// Returns whether the folder holds the checkpoint that the run resumes from, unchanged.
  bool is_saved() const;
};

/// A sound checkpoint.
struct FoundCheckpoint {
  std::filesystem::path path;
  RunState state;
};

/// Returns the checkpoint at `path`, or the newest sound one if `path` is a folder of checkpoints. Throws
/// UsageError.
FoundCheckpoint find_checkpoint(const std::filesystem::path& path);

/// Returns the size of the built-in model in the checkpoint, if the flags name no model and the size differs
/// from the default, and logs it. Otherwise returns std::nullopt: the flags apply.
std::optional<ModelSize> size_of(const RunState& checkpoint, const Options& options);

/// Describe the model, the data set and the source of the data, as a checkpoint notes them.
std::string describe_model(const Options& options);
std::string describe_data(const DataInfo& info);
RunState::Settings describe_source(const DataOptions& options, const DataInfo& info);

/// Opens the folder, and finds, verifies and reads the checkpoint to resume from. Collective; blocks. Throws
/// a UsageError when there is no sound checkpoint, or when it does not fit this run.
Checkpoints open_checkpoints(World& world, const Options& options, const Roles& roles, const DataInfo& info);

}  // namespace feedline
