#pragma once

#include "roles.hpp"

#include <feedline/comm/world.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/metrics/trace_file.hpp>

#include <memory>
#include <string>
#include <vector>

namespace feedline {

/// What this rank keeps for `--trace`: a trace with a lane for the main thread, and how its clock is turned
/// into that of the rank that trains. Holds nothing where no timeline was asked for.
class Timeline {
 public:
  Timeline(bool wanted, Clock::time_point program_start);

  /// Null where none was asked for.
  Trace* trace() const noexcept { return trace_.get(); }

  /// Of the main thread; null likewise.
  TraceLane* lane() const noexcept { return lane_; }

  /// All ranks agree on one clock. Collective, once all have the same flags; blocks. Throws PeerError.
  void agree(World& world, const Roles& roles);

  /// The events of all ranks, by rank, on the rank that trains; nothing on the others, and nothing where no
  /// timeline was asked for. A rank that does not tell any more is shown as missing. `met`: all ranks are
  /// here, so that they can be asked (collective then; blocks). `world` is null when there was none.
  std::vector<std::string> gather(World* world, const Roles& roles, bool met) const;

 private:
  std::string own_events(int rank, const Roles& roles) const;

  std::unique_ptr<Trace> trace_;
  TraceLane* lane_ = nullptr;
  TraceClock clock_;
  bool agreed_ = false;
};

}  // namespace feedline
