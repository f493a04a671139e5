#pragma once

#include "speech/metadata.hpp"
#include "speech_dataset.hpp"

#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Whether `folder` holds recordings with their texts: metadata.csv, or metadata_train.csv.
bool holds_speech(const std::filesystem::path& folder);

/// The metadata of a speech folder: its file for training, and the one for validation when it has one of its
/// own.
struct SpeechFiles {
  std::filesystem::path train;
  std::optional<std::filesystem::path> val;
};

/// Throws DataError, naming `flag`, when there is none.
SpeechFiles find_metadata(const std::filesystem::path& folder, const std::string& flag);

/// The samples of a metadata file whose recordings are there; `paths` of these recordings, below the file's
/// folder, are added to `recordings`, and samples are numbered from `first_number`. Warns of what is left
/// out. Throws DataError: see parse_metadata; no recording is there, or more than one in twenty is missing.
std::vector<SpeechSample> read_speech_samples(const std::filesystem::path& metadata,
                                              const SpeechOptions& options, std::uint64_t first_number,
                                              std::vector<std::string>& recordings);

}  // namespace feedline
