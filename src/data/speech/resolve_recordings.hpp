#pragma once

#include "metadata.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace feedline {

/// A row of the metadata whose recording exists.
struct ResolvedRow {
  std::size_t row = 0;  ///< Index in the metadata
  std::string path;     ///< Path relative to the folder
};

struct ResolvedRows {
  std::vector<ResolvedRow> rows;  ///< Rows in the order of the file, with each recording once
  LineCount missing;
  LineCount doubles;  ///< Left out: recordings of earlier rows, by another spelling or a link
  LineCount guessed;  ///< Used, although another recording has the name too, in wavs/ or with another ending
  LineCount elsewhere;            ///< Found in the folder, although the file names them by paths elsewhere
  std::string other_text;         ///< First double with another text, as a part of a sentence; may be empty
  std::string example_guessed;    ///< "line 1: c0 is wavs/c0.wav, not wavs/c0.flac"
  std::string example_elsewhere;  ///< "line 1: /x/a.wav is wavs/a.wav"
};

/// Finds the recordings of `rows` in `folder`: by their ids (see RecordingFinder), by the rest of a path that
/// begins with the folder's own, or, for paths elsewhere, by the base name if only one recording has it.
/// Files outside of the folder are not considered, except through links in it. Throws DataError, with the
/// candidates, where several recordings have the base name.
ResolvedRows resolve_recordings(const std::filesystem::path& folder, const std::vector<MetadataRow>& rows,
                                const std::string& metadata_name);

}  // namespace feedline
