#include "recording_finder.hpp"

#include "name_forms.hpp"
#include "recording_name.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/unique_handle.hpp>
#include <feedline/data/file_kind.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace feedline {
namespace {

constexpr std::size_t kNamedTries = 3;
constexpr std::array<std::string_view, 2> kPlaces = {"", "wavs/"};

/// Calls `take(path)` for each path to try, until it returns true.
template <typename Take>
bool for_each_candidate(std::string_view id, Take take) {
  const auto endings = recording_files().endings;
  const std::string_view stem = without_recording_ending(id);
  const auto in_places = [&](std::string_view name, std::string_view ending) {
    return std::any_of(kPlaces.begin(), kPlaces.end(), [&](std::string_view place) {
      return take(std::string(place).append(name).append(ending));
    });
  };
  const bool has_ending = stem.size() < id.size();
  if (has_ending && in_places(id, "")) return true;
  for (const std::string_view ending : endings)
    if (in_places(id, ending)) return true;
  if (!has_ending) return in_places(id, "");
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return in_places(stem, ending); });
}

struct FolderTraits {
  using Type = DIR*;
  static Type null() noexcept { return nullptr; }
  static void close(Type folder) noexcept { closedir(folder); }
};

/// The part of a path up to and with its last "/".
std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/') + 1);
}

[[noreturn]] void refuse_folder(const std::string& path) {
  throw DataError(
      fmt::format("{} cannot be listed: {}. The metadata names recordings in it; check its permissions.",
                  path, std::generic_category().message(errno)));
}

}  // namespace

const RecordingFinder::Listing& RecordingFinder::list(const std::string& folder) {
  const auto known = listings_.find(folder);
  if (known != listings_.end()) return known->second;
  Listing& listing = listings_[folder];
  const std::string path = (folder_ / folder).string();
  const UniqueHandle<FolderTraits> handle(opendir(path.c_str()));
  if (!handle) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) return listing;
    refuse_folder(path);
  }
  const int fd = dirfd(handle.get());
  struct stat status {};
  if (fstat(fd, &status) == 0) listing.device = status.st_dev;
  std::vector<Entry> entries;
  errno = 0;
  for (const dirent* each = nullptr; (each = readdir(handle.get())) != nullptr; errno = 0) {
    const std::string_view name = each->d_name;
    if (name == "." || name == "..") continue;
    const bool known_type = each->d_type != DT_LNK && each->d_type != DT_UNKNOWN;
    bool is_folder = each->d_type == DT_DIR;
    if (!known_type) is_folder = fstatat(fd, each->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
    entries.push_back({std::string(name), is_folder, known_type ? each->d_ino : 0});
  }
  if (errno != 0) refuse_folder(path);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  for (const Entry& entry : entries) {
    const std::size_t stem = without_recording_ending(entry.name).size();
    if (!entry.is_folder && stem < entry.name.size()) listing.endings.insert(entry.name.substr(stem));
    listing.folded[folded_name(entry.name)].push_back(entry);
    listing.names.emplace(entry.name, entry);
  }
  return listing;
}

bool RecordingFinder::is_there(const std::string& path) {
  const std::string folder = folder_of(path);
  const auto& names = list(folder).names;
  const auto found = names.find(path.substr(folder.size()));
  return found != names.end() && !found->second.is_folder;
}

std::optional<std::string> RecordingFinder::find_folded(const std::string& path) {
  std::string real;
  for (std::size_t start = 0; start < path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const bool last = end == path.size();
    const auto& names = list(real).folded;
    const std::string part = path.substr(start, end - start);
    const auto found = names.find(folded_name(part));
    if (found == names.end()) return {};
    std::vector<std::string> fitting;
    for (const Entry& entry : found->second) {
      if (entry.is_folder == last) continue;
      if (entry.name == part) fitting.clear();
      fitting.push_back(real + entry.name);
      if (entry.name == part) break;
    }
    if (fitting.empty()) return {};
    if (fitting.size() > 1) {
      throw DataError(
          fmt::format("The metadata names {}, which is not in {}; {} and {} are, and differ from it "
                      "only in case or accents. Name one of them.",
                      path, folder_.string(), fitting[0], fitting[1]));
    }
    real = fitting.front();
    if (last) return real;
    real += '/';
    start = end + 1;
  }
  return {};
}

std::optional<std::string> RecordingFinder::find_other(std::string_view id, const std::string& path) {
  const std::string_view name = std::string_view(path).substr(folder_of(path).size());
  const bool whole = name == id.substr(id.rfind('/') + 1);
  const std::string_view stem = whole ? name : without_recording_ending(name);
  for (const std::string_view place : kPlaces) {
    const std::string folder = folder_of(std::string(place).append(id));
    const auto is_other = [&](std::string_view ending) {
      const std::string other = (folder + std::string(stem)).append(ending);
      return other != path && is_there(other) &&
             !(key_of(other) == key_of(path) && is_same_file(other, path));
    };
    if (whole && is_other("")) return folder + std::string(stem);
    if (whole) continue;
    for (const std::string& ending : list(folder).endings)
      if (is_other(ending)) return (folder + std::string(stem)).append(ending);
  }
  return std::nullopt;
}

FileKey RecordingFinder::key_of(const std::string& path) {
  const std::string folder = folder_of(path);
  const Listing& listing = list(folder);
  const auto found = listing.names.find(path.substr(folder.size()));
  if (found != listing.names.end() && found->second.inode != 0) return {listing.device, found->second.inode};
  struct stat status {};
  if (stat((folder_ / path).c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

bool RecordingFinder::is_same_file(const std::string& one, const std::string& other) const {
  namespace fs = std::filesystem;
  if (one == other) return true;
  std::error_code error;
  const fs::path path = fs::canonical(folder_ / one, error);
  if (!error && path == fs::canonical(folder_ / other, error)) return true;
  return fs::equivalent(folder_ / one, folder_ / other, error) &&
         fs::hard_link_count(folder_ / one, error) > 1;
}

std::optional<std::string> RecordingFinder::find(std::string_view id) {
  std::optional<std::string> found;
  const bool exact = for_each_candidate(id, [&](std::string path) {
    if (!is_there(path)) return false;
    found = std::move(path);
    return true;
  });
  if (exact) return found;
  for_each_candidate(id, [&](const std::string& path) {
    found = find_folded(path);
    return found.has_value();
  });
  return found;
}

std::vector<std::string> RecordingFinder::first_tried(std::string_view id) {
  std::vector<std::string> tried;
  for_each_candidate(id, [&](std::string path) {
    tried.push_back(std::move(path));
    return tried.size() == kNamedTries;
  });
  return tried;
}

}  // namespace feedline
