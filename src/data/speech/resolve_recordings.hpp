#pragma once

#include "metadata.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace feedline {

/// A row whose recording is there.
struct ResolvedRow {
  std::size_t row = 0;  ///< number in the metadata
  std::string path;     ///< relative to the folder
};

struct ResolvedRows {
  std::vector<ResolvedRow> rows;  ///< in the file's order, each recording once
  LineCount missing;
  LineCount doubles;    ///< left out: an earlier row's recording, by another spelling or a link
  LineCount guessed;    ///< taken though another recording has that name too, in wavs/ or with another ending
  LineCount elsewhere;  ///< found in the folder, though the file names them by paths of another place
  std::string other_text;         ///< of the first double whose text differs, as a sentence's part; or empty
  std::string example_guessed;    ///< "line 1: c0 is wavs/c0.wav, not wavs/c0.flac"
  std::string example_elsewhere;  ///< "line 1: /x/a.wav is wavs/a.wav"
};

/// Finds the recordings of `rows` in `folder`: by their ids (see RecordingFinder), by what follows the
/// folder's own path, or, for paths of another place, by the base name where only one recording has it.
/// Nothing outside of the folder is looked at, but for what links in it lead to. Throws DataError, with the
/// candidates, where several have that name.
ResolvedRows resolve_recordings(const std::filesystem::path& folder, const std::vector<MetadataRow>& rows,
                                const std::string& metadata_name);

}  // namespace feedline
