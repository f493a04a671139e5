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

  /// Whether the folder has, as it is, the checkpoint that the run goes on from.
  bool is_saved() const;
};

/// Opens the folder, and finds, verifies and reads the checkpoint to go on from. Collective; blocks. Throws
/// UsageError: nothing sound to go on from, or it does not fit this run.
Checkpoints open_checkpoints(World& world, const Options& options, const Roles& roles, const DataInfo& info);

}  // namespace feedline
