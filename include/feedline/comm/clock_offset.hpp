#pragma once

#include <feedline/comm/world.hpp>
#include <feedline/common/clock.hpp>

namespace feedline {

/// The difference between the reference rank's clock and this rank's.
struct ClockOffset {
  Clock::duration offset{};     ///< Time to add to this rank's to get the reference's
  Clock::duration uncertain{};  ///< Largest error of the offset, in either direction
};

/// Measures the offset with round trips: the reference answers with its time, and the quickest of several
/// tries counts, with its midpoint as the moment of the answer (Cristian, "Probabilistic clock
/// synchronization", Distributed Computing 3, 1989). Collective over all ranks; blocks. Throws PeerError when
/// a rank is lost or does not answer.
ClockOffset measure_clock_offset(World& world, int reference);

/// As above, but returns 0 without measuring when all ranks run on one kernel and thus share one clock.
ClockOffset clock_offset(World& world, int reference);

}  // namespace feedline
