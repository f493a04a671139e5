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
  RunState::Settings fixed, free;            ///< of this run, see RunState
  std::unique_ptr<CheckpointFolder> folder;  ///< on the rank that trains; none when none is asked for
  std::optional<RunState> resumed;           ///< where the run goes on, on all ranks
  std::filesystem::path from;                ///< that checkpoint, on the rank that trains
  bool moved = false;                        ///< it is of other batches: the run goes on at its epoch's begin

  std::optional<ModelSize> model_size;  ///< that the checkpoint has, on the rank that trains, see size_of

  /// Whether the folder has, as it is, the checkpoint that the run goes on from.
  bool is_saved() const;
};

/// A checkpoint that is sound.
struct FoundCheckpoint {
  std::filesystem::path path;
  RunState state;
};

/// The checkpoint at `path`, or the newest sound one in that folder of checkpoints. Throws UsageError.
FoundCheckpoint find_checkpoint(const std::filesystem::path& path);

/// The built-in model's size that the checkpoint holds, where the flags name no model; tells it when it is
/// another than the default. Nothing: as the flags say.
std::optional<ModelSize> size_of(const RunState& checkpoint, const Options& options);

/// What a run trains, and on what, as a checkpoint notes it.
std::string describe_model(const Options& options);
std::string describe_data(const DataInfo& info);
RunState::Settings describe_source(const DataOptions& options, const DataInfo& info);

/// Opens the folder, and finds, verifies and reads the checkpoint to go on from. Collective; blocks. Throws
/// UsageError: nothing sound to go on from, or it does not fit this run.
Checkpoints open_checkpoints(World& world, const Options& options, const Roles& roles, const DataInfo& info);

}  // namespace feedline
