#include "speech_samples.hpp"

#include "decode_error.hpp"
#include "folder/folder_checks.hpp"
#include "speech/metadata_lines.hpp"
#include "speech/recording_finder.hpp"
#include "speech/resolve_recordings.hpp"
#include "storage/read_file.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/data/file_kind.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <system_error>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// More recordings missing than this: the folder is another one, or not whole.
constexpr double kMostMissing = 0.05;
constexpr std::size_t kShownTexts = 3;

/// A link that leads nowhere is there too: what it was to name must not be taken for classes.
std::optional<fs::path> first_of(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code ignored;
  for (const char* name : names)
    if (fs::exists(fs::symlink_status(folder / name, ignored))) return folder / name;
  return std::nullopt;
}

void check_language(const std::string& language) {
  if (language.empty() || language == "fa") return;
  throw UsageError(
      fmt::format("--lang {}: nothing is done for it. There is fa, which makes Arabic yeh and kaf Persian; "
                  "other languages need no flag.",
                  language));
}

Metadata read_metadata(const fs::path& file, const SpeechOptions& options) {
  check_language(options.language);
  FileBuffer buffer;
  RecordingFinder recordings(file.parent_path());
  const auto is_recording = [&recordings](const std::string& id) {
    const auto path = recordings.find(id);
    return path && recording_files().takes(*path);
  };
  const MetadataOptions how{parse_text_encoding(options.text_encoding), options.columns, options.language,
                            is_recording};
  try {
    return parse_metadata(read_file(AT_FDCWD, file.c_str(), buffer), how, file.string());
  } catch (const std::system_error& error) {
    throw DataError(fmt::format("{} cannot be read: {}. Check the path and its permissions.", file.string(),
                                error.code().message()));
  } catch (const DecodeError& error) {
    throw DataError(
        fmt::format("{} cannot be read: {}. Put the file itself in its place.", file.string(), error.what()));
  }
}

/// So that a wrong column, or wrong letters, are seen before they are trained on.
void show_texts(const fs::path& file, const Metadata& metadata) {
  std::string texts;
  for (std::size_t i = 0; i < std::min(metadata.rows.size(), kShownTexts); ++i)
    texts += fmt::format("{}{} \"{}\"", i == 0 ? "" : ", ", shortened(metadata.rows[i].id),
                         shortened(metadata.rows[i].text));
  log_info(fmt::format("Texts of {} ({}): {}", file.string(), metadata.reading, texts));
}

/// The paths that were tried for the first of the missing recordings.
std::string tried_for(const Metadata& metadata, const LineCount& missing) {
  std::string tried;
  for (const MetadataRow& row : metadata.rows) {
    const auto named =
        std::span(missing.first).first(std::min<std::size_t>(missing.count, LineCount::kNamed));
    if (std::find(named.begin(), named.end(), row.line) == named.end()) continue;
    const bool outside = row.id.starts_with('/') || (row.id.size() > 1 && row.id[1] == ':');
    tried += fmt::format("{}line {}: ", tried.empty() ? "" : "; ", row.line);
    if (outside) {
      tried += shortened(row.id) + " leads out of the folder, and no recording in it has that name";
      continue;
    }
    const std::vector<std::string> paths = RecordingFinder::first_tried(row.id);
    for (const std::string& path : paths) tried += (path == paths.front() ? "" : ", ") + shortened(path);
  }
  return tried;
}

void tell_of_missing(const fs::path& file, const Metadata& metadata, const ResolvedRows& resolved) {
  const std::uint64_t missing = resolved.missing.count, rows = metadata.rows.size();
  if (missing == 0) return;
  const std::string what =
      fmt::format("{} of {} recordings that {} names are not there ({}). Tried, for the first: {}", missing,
                  rows, file.string(), resolved.missing.text(), tried_for(metadata, resolved.missing));
  if (static_cast<double>(missing) > kMostMissing * static_cast<double>(rows)) {
    throw DataError(what +
                    ". Put the recordings into wavs/ beside the metadata, or take these lines out of it." +
                    (resolved.missing.first[0] == metadata.rows.front().line
                         ? " If the first line names the columns, call them id and text."
                         : ""));
  }
  log_warning(what + ". These lines are left out.");
}

void tell_of_others(const fs::path& file, const ResolvedRows& resolved) {
  if (const LineCount& found = resolved.elsewhere; found.count > 0) {
    log_warning(fmt::format("{}: {} {} named by {} of another place and found in the folder by {} ({}).",
                            file.string(), found.count, found.count == 1 ? "recording is" : "recordings are",
                            found.count == 1 ? "a path" : "paths",
                            found.count == 1 ? "its name" : "their names", resolved.example_elsewhere));
  }
  if (const LineCount& guessed = resolved.guessed; guessed.count > 0) {
    log_warning(
        fmt::format("{}: {} {} than one recording, and the first by place and ending is taken ({}). Name "
                    "{} with the folder and the ending.",
                    file.string(), guessed.count, guessed.count == 1 ? "line names more" : "lines name more",
                    resolved.example_guessed, guessed.count == 1 ? "it" : "each"));
  }
  if (const LineCount& doubles = resolved.doubles; doubles.count > 0) {
    log_warning(
        fmt::format("{}: left out {} {} with the recording of another line ({}).{}", file.string(),
                    doubles.count, doubles.count == 1 ? "line" : "lines", doubles.text(),
                    resolved.other_text.empty() ? "" : " Their texts differ: " + resolved.other_text + "."));
  }
}

}  // namespace

bool holds_speech(const fs::path& folder) {
  return first_of(folder, {"metadata.csv", "metadata_train.csv"}).has_value();
}

SpeechFiles find_metadata(const fs::path& folder, const std::string& flag) {
  check_folder(folder, flag);
  if (const auto train = first_of(folder, {"metadata_train.csv"}))
    return {*train, first_of(folder, {"metadata_eval.csv", "metadata_val.csv"})};
  if (const auto all = first_of(folder, {"metadata.csv"})) return {*all, std::nullopt};
  throw DataError(
      fmt::format("{} {} has no metadata.csv; found {}. Put one beside the folder of recordings, wavs/: a "
                  "line a recording, "
                  "'name|what is said', or 'name|what is said|the same, normalised'.",
                  flag, folder.string(), list_folder(folder)));
}

std::vector<SpeechSample> read_speech_samples(const fs::path& file, const SpeechOptions& options,
                                              std::uint64_t first_number,
                                              std::vector<std::string>& recordings) {
  const Metadata metadata = read_metadata(file, options);
  for (const std::string& warning : metadata.warnings) log_warning(warning);
  show_texts(file, metadata);
  ResolvedRows resolved = resolve_recordings(file.parent_path(), metadata.rows, file.string());
  tell_of_missing(file, metadata, resolved);
  tell_of_others(file, resolved);
  std::vector<SpeechSample> samples;
  for (ResolvedRow& each : resolved.rows) {
    samples.push_back({recordings.size(), first_number + samples.size(), metadata.rows[each.row].text});
    recordings.push_back(std::move(each.path));
  }
  return samples;
}

}  // namespace feedline
