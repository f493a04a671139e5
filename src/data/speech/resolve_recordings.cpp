#include "resolve_recordings.hpp"

#include "metadata_lines.hpp"
#include "recording_finder.hpp"
#include "moved_recordings.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace feedline {
namespace {

class Resolver {
 public:
  Resolver(const std::filesystem::path& folder, const std::vector<MetadataRow>& rows, const std::string& name)
      : rows_(rows),
        name_(name),
        finder_(folder),
        moved_(folder),
        paths_(rows.size()),
        elsewhere_(rows.size()) {}

  ResolvedRows run() && {
    for (std::size_t i = 0; i < rows_.size(); ++i) paths_[i] = find_in_folder(rows_[i].id);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (!paths_[i]) find_elsewhere(i);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (!elsewhere_[i]) take(i);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (elsewhere_[i]) take(i);
    std::sort(resolved_.rows.begin(), resolved_.rows.end(),
              [](const ResolvedRow& a, const ResolvedRow& b) { return a.row < b.row; });
    return std::move(resolved_);
  }

 private:
  std::optional<std::string> find_in_folder(const std::string& id) {
    if (!id.starts_with('/')) return finder_.find(id);
    const auto inside = moved_.inside(id);
    return inside ? finder_.find(*inside) : std::nullopt;
  }

  /// Of a path that leads into no folder that is there.
  void find_elsewhere(std::size_t i) {
    const MetadataRow& row = rows_[i];
    if (row.id.find('/') == std::string::npos) return;
    std::vector<std::string> candidates = moved_.of_base_name(row.id);
    if (candidates.empty()) return;
    for (const std::string& each : candidates) {
      if (finder_.key_of(each) == finder_.key_of(candidates.front())) continue;
      throw DataError(
          fmt::format("{}, line {}: {} is not in the folder, and both {} and {} have that name. Say "
                      "which: name it by its path in the folder.",
                      name_, row.line, shortened(row.id), candidates.front(), each));
    }
    paths_[i] = candidates.front();
    elsewhere_[i] = true;
  }

  void take(std::size_t i) {
    const MetadataRow& row = rows_[i];
    if (!paths_[i]) return resolved_.missing.add(row.line, shortened(row.id));
    const auto [earlier, is_new] = taken_.emplace(finder_.key_of(*paths_[i]), i);
    if (!is_new && finder_.is_same_file(*paths_[i], *paths_[earlier->second]))
      return add_double(row, rows_[earlier->second], elsewhere_[i] && elsewhere_[earlier->second]);
    if (elsewhere_[i] && resolved_.elsewhere.count == 0)
      resolved_.example_elsewhere =
          fmt::format("line {}: {} is {}", row.line, shortened(row.id), shortened(*paths_[i]));
    if (elsewhere_[i]) resolved_.elsewhere.add(row.line, shortened(row.id));
    note_guess(row, *paths_[i], elsewhere_[i]);
    resolved_.rows.push_back({i, *paths_[i]});
  }

  /// An id without a folder or an ending may name several recordings, of which the first is taken.
  void note_guess(const MetadataRow& row, const std::string& path, bool elsewhere) {
    const std::string base = row.id.substr(row.id.rfind('/') + 1);
    const std::string in_folder = path.substr(0, path.rfind('/') + 1) + base;
    const bool outside = elsewhere || row.id.starts_with('/');
    const auto other = finder_.find_other(outside ? in_folder : row.id, path);
    if (!other) return;
    if (resolved_.guessed.count == 0)
      resolved_.example_guessed = fmt::format("line {}: {} is {}, not {}", row.line, shortened(row.id),
                                              shortened(path), shortened(*other));
    resolved_.guessed.add(row.line, shortened(row.id));
  }

  /// Two paths of another place that end alike are two recordings there; which one this is cannot be known.
  void add_double(const MetadataRow& row, const MetadataRow& earlier, bool both_elsewhere) {
    if (both_elsewhere && row.text != earlier.text) {
      throw DataError(
          fmt::format("{}: line {} names {} and line {} {}; neither is in the folder, and only one "
                      "recording there has that name. Name it by its path in the folder.",
                      name_, earlier.line, shortened(earlier.id), row.line, shortened(row.id)));
    }
    resolved_.doubles.add(row.line, shortened(row.id));
    if (row.text == earlier.text || !resolved_.other_text.empty()) return;
    resolved_.other_text =
        fmt::format("line {} ({}) has \"{}\", line {} ({}) \"{}\"", earlier.line, shortened(earlier.id),
                    shortened(earlier.text), row.line, shortened(row.id), shortened(row.text));
  }

  const std::vector<MetadataRow>& rows_;
  const std::string& name_;
  RecordingFinder finder_;
  MovedRecordings moved_;
  std::vector<std::optional<std::string>> paths_;
  std::vector<bool> elsewhere_;
  std::map<FileKey, std::size_t> taken_;  ///< and by which row
  ResolvedRows resolved_;
};

}  // namespace

ResolvedRows resolve_recordings(const std::filesystem::path& folder, const std::vector<MetadataRow>& rows,
                                const std::string& metadata_name) {
  return Resolver(folder, rows, metadata_name).run();
}

}  // namespace feedline
