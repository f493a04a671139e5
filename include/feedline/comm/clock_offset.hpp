#pragma once

#include <feedline/comm/world.hpp>
#include <feedline/common/clock.hpp>

namespace feedline {

/// How far the clock of another process is from this one's.
struct ClockOffset {
  Clock::duration offset{};     ///< what is added to this rank's time to get the reference's
  Clock::duration uncertain{};  ///< by how much it may be wrong, to both sides
};

/// Measures by messages there and back: the reference answers with its time, and of some tries the quickest
/// counts, whose middle is taken for the moment of the answer (Cristian, "Probabilistic clock
/// synchronization", Distributed Computing 3, 1989). Collective over all ranks; blocks. Throws PeerError when
/// a rank is lost or does not answer.
ClockOffset measure_clock_offset(World& world, int reference);

/// The same, but nothing is measured where all ranks are on one running kernel and so have one clock.
ClockOffset clock_offset(World& world, int reference);

}  // namespace feedline
