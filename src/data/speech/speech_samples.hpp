#pragma once

#include "speech/metadata.hpp"
#include "speech_dataset.hpp"

#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Returns whether `folder` holds recordings with their texts, by metadata.csv or metadata_train.csv.
bool holds_speech(const std::filesystem::path& folder);

/// The metadata of a speech folder: the file for training, and a separate file for validation if there is
/// one.
struct SpeechFiles {
  std::filesystem::path train;
  std::optional<std::filesystem::path> val;
};

/// Returns the metadata of `folder`. Throws DataError, which names `flag`, when there is none.
SpeechFiles find_metadata(const std::filesystem::path& folder, const std::string& flag);

/// Returns the samples of a metadata file whose recordings exist, numbered from `first_number`, and adds the
/// paths of these recordings, relative to the file's folder, to `recordings`. Warns of lines that are left
/// out. Throws DataError as parse_metadata does, and when no recording exists or more than one in twenty is
/// missing.
std::vector<SpeechSample> read_speech_samples(const std::filesystem::path& metadata,
                                              const SpeechOptions& options, std::uint64_t first_number,
                                              std::vector<std::string>& recordings);

}  // namespace feedline
