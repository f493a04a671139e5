#include "recognise.hpp"

#include "folder/text_lists.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// Folders that recordings with their texts are kept in.
constexpr std::array<std::string_view, 5> kRecordingFolders = {"wavs", "wav", "clips", "audio", "audios"};

/// Lists of texts under names that are not read: beside wavs/ they say what a folder is meant for.
std::vector<std::string> misnamed_lists(const fs::path& folder) {
  const bool recordings = std::any_of(kRecordingFolders.begin(), kRecordingFolders.end(), [&](auto name) {
    std::error_code ignored;
    return fs::is_directory(folder / name, ignored);
  });
  return recordings ? text_lists(folder) : std::vector<std::string>();
}

/// Recordings in folders are classes, unless a list beside them says that they have texts.
void refuse_misnamed_lists(const fs::path& folder) {
  const auto lists = misnamed_lists(folder);
  if (lists.empty()) return;
  throw DataError(
      fmt::format("{} may be text to speech, for there is {} beside its recordings, or sounds in classes. "
                  "For text to speech call "
                  "the list metadata.csv, with a line `name|text` for each recording; to train its folders "
                  "as classes give "
                  "--task audio.",
                  printable(folder.string()), fmt::join(lists, ", ")));
}

/// Whether the folders hold no sample, but sounds that would have to be converted first.
bool has_foreign_sounds_only(FolderContents& folder) {
  return folder.has_foreign(recording_files()) && !folder.has_foreign(picture_files());
}

/// Pictures that metadata.csv describes.
Recognition recognise_described_pictures(const FolderContents& folder) {
  if (folder.first(recording_files())) return std::nullopt;
  const auto picture = folder.first(picture_files());
  if (!picture) return std::nullopt;
  return fmt::format("{} is a picture in a folder, and no recording is there; metadata.csv is not read",
                     printable(*picture));
}

bool can_read_classes(FolderContents& folder, const FileKind& kind) {
  return folder.has_folders() && (!folder.has_metadata() || folder.first(kind).has_value());
}

}  // namespace

Recognition recognise_idx(FolderContents& folder) {
  if (!folder.has_idx_files()) return std::nullopt;
  return folder.has_metadata() || folder.has_folders()
             ? "IDX files are there, which come first; what else there is is not read"
             : "IDX files are there";
}

Recognition recognise_pictures(FolderContents& folder) {
  if (folder.has_metadata()) return recognise_described_pictures(folder);
  if (!folder.has_folders()) return std::nullopt;
  const auto& sample = folder.first_sample();
  if (!sample) return has_foreign_sounds_only(folder) ? std::nullopt : Recognition("");
  if (!picture_files().takes(*sample)) return std::nullopt;
  return fmt::format("{} is a picture in a folder", printable(*sample));
}

Recognition recognise_recordings(FolderContents& folder) {
  if (folder.has_metadata() || !folder.has_folders()) return std::nullopt;
  const auto& sample = folder.first_sample();
  if (!sample) return has_foreign_sounds_only(folder) ? Recognition("") : std::nullopt;
  if (picture_files().takes(*sample)) return std::nullopt;
  refuse_misnamed_lists(folder.path());
  return fmt::format("{} is a recording in a folder, and there is no metadata.csv with texts",
                     printable(*sample));
}

Recognition recognise_speech(FolderContents& folder) {
  if (!folder.has_metadata()) return std::nullopt;
  return "metadata.csv is there; --task audio takes folders as classes";
}

bool can_read_idx(FolderContents& folder) {
  return folder.has_idx_files();
}

bool can_read_pictures(FolderContents& folder) {
  return can_read_classes(folder, picture_files());
}

bool can_read_recordings(FolderContents& folder) {
  return can_read_classes(folder, recording_files());
}

bool can_read_speech(FolderContents& folder) {
  return folder.has_metadata() || folder.has_folders();
}

}  // namespace feedline
