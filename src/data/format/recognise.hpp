#pragma once

#include "folder_contents.hpp"

#include <optional>
#include <string>

namespace feedline {

/// The reason why a folder is read in a format, for the user; std::nullopt: it is not read in that format.
/// The reason is empty where the folder holds files that would have to be converted first, which is said when
/// it is opened.
using Recognition = std::optional<std::string>;

Recognition recognise_idx(FolderContents& folder);
Recognition recognise_pictures(FolderContents& folder);

/// Throws a DataError when there is a list of texts of another name beside the recordings, which could only
/// be taken for classes.
Recognition recognise_recordings(FolderContents& folder);
Recognition recognise_speech(FolderContents& folder);

/// Whether the folder can be read in a format when the user asks for its task.
bool can_read_idx(FolderContents& folder);
bool can_read_pictures(FolderContents& folder);
bool can_read_recordings(FolderContents& folder);
bool can_read_speech(FolderContents& folder);

}  // namespace feedline
