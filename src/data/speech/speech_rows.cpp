#include "speech_rows.hpp"

#include "file_buffer.hpp"
#include "image/idx/idx_folder.hpp"
#include "speech/recording_finder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <system_error>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// More recordings missing than this: the folder is another one, or not whole.
constexpr double kMostMissing = 0.05;

std::optional<fs::path> first_of(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code ignored;
  for (const char* name : names)
    if (fs::exists(folder / name, ignored)) return folder / name;
  return std::nullopt;
}

Metadata read_metadata(const fs::path& file, const SpeechOptions& options) {
  FileBuffer buffer;
  const MetadataOptions how{parse_text_encoding(options.text_encoding), options.columns, options.language};
  try {
    return parse_metadata(buffer.read(AT_FDCWD, file.c_str()), how, file.string());
  } catch (const std::system_error& error) {
    throw DataError(fmt::format("{} cannot be read: {}. Check the path and its permissions.", file.string(),
                                error.code().message()));
  }
}

/// What to say of recordings that are not there; nothing is said when all are.
struct Missing {
  static constexpr std::size_t kNamed = 3;

  std::uint64_t count = 0;
  std::string named;

  void add(const MetadataRow& row) {
    if (count++ >= kNamed) return;
    named += fmt::format("{}line {}: ", named.empty() ? "" : "; ", row.line);
    named += fmt::format("{}", fmt::join(RecordingFinder::first_tried(row.id), ", "));
  }
};

void tell_of_missing(const fs::path& file, const Missing& missing, std::size_t rows) {
  if (missing.count == 0) return;
  const std::string what =
      fmt::format("{} of {} recordings that {} names are not there. Tried, for the first: {}", missing.count,
                  rows, file.string(), missing.named);
  if (static_cast<double>(missing.count) > kMostMissing * static_cast<double>(rows)) {
    throw DataError(what +
                    ". Put the recordings into wavs/ beside the metadata, or take these lines out of it.");
  }
  log_warning(what + ". These lines are left out.");
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

std::vector<SpeechRow> read_speech_rows(const fs::path& file, const SpeechOptions& options,
                                        std::uint64_t first_number, std::vector<std::string>& recordings) {
  const Metadata metadata = read_metadata(file, options);
  for (const std::string& warning : metadata.warnings) log_warning(warning);
  RecordingFinder finder(file.parent_path());
  std::vector<SpeechRow> rows;
  Missing missing;
  for (const MetadataRow& row : metadata.rows) {
    auto path = finder.find(row.id);
    if (!path) {
      missing.add(row);
      continue;
    }
    rows.push_back({recordings.size(), first_number + rows.size(), row.text});
    recordings.push_back(std::move(*path));
  }
  tell_of_missing(file, missing, metadata.rows.size());
  return rows;
}

}  // namespace feedline
