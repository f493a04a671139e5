#include "moved_recordings.hpp"

#include "name_forms.hpp"
#include "recording_finder.hpp"
#include "recording_name.hpp"

#include <feedline/data/file_kind.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// Folders below folders; links may go round.
constexpr int kDeepest = 8;

std::string_view base_name(std::string_view path) noexcept {
  return path.substr(path.rfind('/') + 1);
}

std::string stem_of(std::string_view path) {
  return folded_name(std::string(without_recording_ending(base_name(path))));
}

/// Folders that two paths have in common, from their ends on.
std::size_t common_folders(std::string_view a, std::string_view b) {
  std::size_t common = 0;
  const auto cut = [](std::string_view& path) {
    const std::size_t slash = path.rfind('/');
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    return base_name(path);
  };
  for (;; ++common) {
    const std::string one(cut(a)), other(cut(b));
    if (one.empty() || folded_name(one) != folded_name(other)) return common;
  }
}

/// Keeps the paths for which `value` is largest.
template <typename Value>
void keep_best(std::vector<std::string>& paths, Value value) {
  auto best = value(paths.front());
  for (const std::string& path : paths) best = std::max(best, value(path));
  std::erase_if(paths, [&](const std::string& path) { return value(path) < best; });
}

/// Of the same name in the same folder, that with the ending that is tried first.
void keep_first_endings(std::vector<std::string>& paths) {
  const auto endings = recording_files().endings;
  const auto rank = [&](std::string_view path) {
    const auto found =
        std::find(endings.begin(), endings.end(), path.substr(without_recording_ending(path).size()));
    return found - endings.begin();
  };
  std::stable_sort(paths.begin(), paths.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  std::vector<std::string> kept;
  for (const std::string& path : paths) {
    const auto same = [&](const std::string& other) {
      return without_recording_ending(other) == without_recording_ending(path);
    };
    if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(path);
  }
  paths = std::move(kept);
}

}  // namespace

MovedRecordings::MovedRecordings(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  for (const fs::path& path :
       {fs::absolute(folder_, error).lexically_normal(), fs::canonical(folder_, error)}) {
    std::string prefix = path.string();
    if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
    if (!prefix.empty()) prefixes_.push_back(std::move(prefix));
  }
}

std::optional<std::string> MovedRecordings::inside(std::string_view path) const {
  for (const std::string& prefix : prefixes_)
    if (path.starts_with(prefix) && path.size() > prefix.size())
      return std::string(path.substr(prefix.size()));
  return std::nullopt;
}

std::vector<std::string> MovedRecordings::of_base_name(std::string_view path) {
  list();
  const auto found = by_stem_.find(stem_of(path));
  if (found == by_stem_.end()) return {};
  std::vector<std::string> paths = found->second;
  keep_best(paths, [&](const std::string& each) { return common_folders(each, path); });
  keep_best(paths, [&](const std::string& each) { return base_name(each) == base_name(path); });
  keep_first_endings(paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

void MovedRecordings::list() {
  if (std::exchange(listed_, true)) return;
  std::error_code error;
  const auto options =
      fs::directory_options::follow_directory_symlink | fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(folder_, options, error), end; !error && at != end;
       at.increment(error)) {
    if (at.depth() >= kDeepest) at.disable_recursion_pending();
    const std::string name = at->path().filename().string();
    std::error_code unreadable;
    if (!recording_files().takes(name) || at->is_directory(unreadable)) continue;
    by_stem_[stem_of(name)].push_back(at->path().lexically_relative(folder_).string());
  }
}

}  // namespace feedline
