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

/// The part of this rank in `--trace`: a trace with a lane for the main thread, and the conversion of its
/// clock into that of the model rank. It is empty if no timeline is requested.
class Timeline {
 public:
  Timeline(bool wanted, Clock::time_point program_start);

  /// Returns the trace, or null if no timeline is requested.
  Trace* trace() const noexcept { return trace_.get(); }

  /// Returns the lane of the main thread, or null if no timeline is requested.
  TraceLane* lane() const noexcept { return lane_; }

  /// Agrees with all ranks on one clock. Collective, once all ranks have the same flags; blocks. Throws
  /// PeerError.
  void agree(World& world, const Roles& roles);

  /// Returns the events of all ranks, by rank, on the model rank; an empty list on the others, and if no
  /// timeline is requested. A rank that can no longer report its events is shown as missing. `met`: all ranks
  /// have met, so that their events can be gathered (the call is then collective and blocks). `world` is null
  /// when there is no world.
  std::vector<std::string> gather(World* world, const Roles& roles, bool met) const;

 private:
  std::string own_events(int rank, const Roles& roles) const;

  std::unique_ptr<Trace> trace_;
  TraceLane* lane_ = nullptr;
  TraceClock clock_;
  bool agreed_ = false;
};

}  // namespace feedline
