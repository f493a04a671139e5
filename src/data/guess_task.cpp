#include "guess_task.hpp"

#include "folder/first_file.hpp"
#include "folder/foreign_kinds.hpp"
#include "folder/other_kinds.hpp"
#include "folder/text_lists.hpp"
#include "image/idx/open_idx.hpp"
#include "image/open_image_folder.hpp"
#include "speech/speech_rows.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// Folders that recordings with their texts are kept in.
constexpr std::array<std::string_view, 5> kRecordingFolders = {"wavs", "wav", "clips", "audio", "audios"};

bool any_ending(std::string_view name, const FileKind& kind) {
  OtherKinds one;
  one.add(std::string(name));
  return !one.only(foreign_endings(kind)).empty();
}

std::optional<std::string> first_of(const fs::path& folder, const FileKind& kind) {
  return find_first_file(folder, [&kind](std::string_view name) { return kind.takes(name); });
}

/// Lists of texts under names that are not read: beside wavs/ they say what a folder is meant for.
std::vector<std::string> misnamed_lists(const fs::path& folder) {
  const bool recordings = std::any_of(kRecordingFolders.begin(), kRecordingFolders.end(), [&](auto name) {
    std::error_code ignored;
    return fs::is_directory(folder / name, ignored);
  });
  return recordings ? text_lists(folder) : std::vector<std::string>();
}

/// Recordings in folders: classes, unless a list beside them says that they have texts.
TaskGuess guess_of_recordings(const fs::path& folder, const std::string& recording) {
  if (const auto lists = misnamed_lists(folder); !lists.empty()) {
    throw DataError(
        fmt::format("{} may be text to speech, for there is {} beside its recordings, or sounds in classes. "
                    "For text to speech call "
                    "the list metadata.csv, with a line `name|text` for each recording; to train its folders "
                    "as classes give "
                    "--task audio.",
                    printable(folder.string()), fmt::join(lists, ", ")));
  }
  return {"audio", fmt::format("{} is a recording in a folder, and there is no metadata.csv with texts",
                               printable(recording))};
}

TaskGuess guess_of_folders(const fs::path& folder) {
  const auto sample = find_first_file(folder, [](std::string_view name) {
    return picture_files().takes(name) || recording_files().takes(name);
  });
  if (sample && picture_files().takes(*sample))
    return {"image", fmt::format("{} is a picture in a folder", printable(*sample))};
  if (sample) return guess_of_recordings(folder, *sample);
  const auto sound =
      find_first_file(folder, [](std::string_view name) { return any_ending(name, recording_files()); });
  const auto picture =
      find_first_file(folder, [](std::string_view name) { return any_ending(name, picture_files()); });
  return {sound && !picture ? "audio" : "image", ""};
}

/// With metadata.csv there: recordings with texts, unless it describes pictures.
TaskGuess guess_beside_metadata(const fs::path& folder) {
  if (!first_of(folder, recording_files())) {
    if (const auto picture = first_of(folder, picture_files()))
      return {"image",
              fmt::format("{} is a picture in a folder, and no recording is there; metadata.csv is not read",
                          printable(*picture))};
  }
  return {"speech", "metadata.csv is there; --task audio takes folders as classes"};
}

TaskGuess guess(const DataOptions& options) {
  const fs::path& folder = options.train_data;
  const bool speech = holds_speech(folder), folders = holds_folders(folder);
  if (holds_idx_files(options))
    return {"image", speech || folders
                         ? "IDX files are there, which come first; what else there is is not read"
                         : "IDX files are there"};
  if (speech) return guess_beside_metadata(folder);
  return folders ? guess_of_folders(folder) : TaskGuess{};
}

/// Whether the folder can be read as the task that was asked for.
bool suits(const DataOptions& options) {
  const fs::path& folder = options.train_data;
  if (options.task == "speech") return holds_speech(folder);
  if (options.task == "image" && holds_idx_files(options)) return true;
  if (!holds_folders(folder)) return false;
  const FileKind& kind = options.task == "image" ? picture_files() : recording_files();
  return !holds_speech(folder) || first_of(folder, kind).has_value();
}

[[noreturn]] void refuse_task(const DataOptions& options, std::string_view found) {
  const std::string_view what = found == "speech"  ? "recordings with their texts"
                                : found == "audio" ? "folders of recordings"
                                                   : "pictures";
  throw UsageError(fmt::format("--task {} does not go with {}, which holds {}. Use --task {}.", options.task,
                               printable(options.train_data.string()), what, found));
}

}  // namespace

TaskGuess guess_task(const DataOptions& options) {
  if (options.task == "auto") return guess(options);
  if (suits(options)) return {options.task, ""};
  if (options.task == "speech" && holds_folders(options.train_data)) return {options.task, ""};
  const TaskGuess found = guess(options);
  if (!found.task.empty()) refuse_task(options, found.task);
  return found;
}

}  // namespace feedline
