#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace feedline {

/// Returns a copy of `file`, one Ogg Vorbis stream, whose times begin at 0, if they begin far from it: such a
/// file was cut without being encoded again, and libsndfile would lose as much of its end. All packets are
/// kept, as ffmpeg does. Returns an empty vector where the times begin at 0, and where the packets do not
/// confirm them. Vorbis I specification, 4.3.8 and A.2.
std::vector<std::byte> with_times_from_zero(std::span<const std::byte> file);

}  // namespace feedline
