#pragma once

#include "recording_list.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace feedline {

/// What a recording's header says; `frames` 0: the file cannot be read, or holds nothing.
struct RecordingLength {
  std::uint32_t sample_rate = 0;  ///< Hz
  std::uint32_t channels = 0;
  std::uint64_t frames = 0;  ///< samples of each channel
};

/// The lengths of all recordings: those of files that did not change from the index that an earlier call left
/// in `index_folder`, the others from the files' headers, read on all cores and remembered. MP3 and files
/// whose header tells no length that they can hold are decoded for it once. `index_folder` empty: nothing is
/// remembered.
std::vector<RecordingLength> measure_recordings(const RecordingList& recordings,
                                                const std::filesystem::path& index_folder);

}  // namespace feedline
