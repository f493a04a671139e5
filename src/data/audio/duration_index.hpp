#pragma once

#include "storage/storage.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace feedline {

/// The length of a recording, from its header. `frames` is 0 when the file cannot be read or is empty.
struct RecordingLength {
  std::uint32_t sample_rate = 0;  ///< Sample rate in Hz
  std::uint32_t channels = 0;
  std::uint64_t frames = 0;  ///< Number of samples of each channel
};

/// Returns the lengths of all recordings. Those of unchanged files come from the index that an earlier call
/// left in `index_folder`, the others from the files' headers, which are read on all cores and added to the
/// index. MP3 files, and files whose header holds no length that they can have, are decoded once for it. If
/// `index_folder` is empty, there is no index.
std::vector<RecordingLength> measure_recordings(const Storage& recordings,
                                                const std::filesystem::path& index_folder);

}  // namespace feedline
