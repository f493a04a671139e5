#include "recording_finder.hpp"

#include "recording_name.hpp"

#include <feedline/data/file_kind.hpp>

#include <utf8proc.h>

#include <algorithm>
#include <array>
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

/// Without case, in composed form; the name itself where it is not UTF-8.
std::string folded(const std::string& name) {
  struct Free {
    void operator()(utf8proc_uint8_t* memory) const noexcept { std::free(memory); }
  };
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  utf8proc_uint8_t* mapped = nullptr;
  const auto length = utf8proc_map(bytes, static_cast<utf8proc_ssize_t>(name.size()), &mapped, options);
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(mapped);
  return length < 0 ? name
                    : std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
}

/// The part of a path up to and with its last "/".
std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/') + 1);
}

}  // namespace

const RecordingFinder::Listing& RecordingFinder::list(const std::string& folder) {
  const auto known = listings_.find(folder);
  if (known != listings_.end()) return known->second;
  std::vector<Entry> entries;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_ / folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code unreadable;
    entries.push_back({at->path().filename().string(), at->is_directory(unreadable)});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  Listing listing;
  for (const Entry& entry : entries) {
    listing.folders.emplace(entry.name, entry.is_folder);
    listing.folded.emplace(folded(entry.name), entry);
  }
  return listings_.emplace(folder, std::move(listing)).first->second;
}

bool RecordingFinder::is_there(const std::string& path) {
  const std::string folder = folder_of(path);
  const auto& names = list(folder).folders;
  const auto found = names.find(path.substr(folder.size()));
  return found != names.end() && !found->second;
}

std::optional<std::string> RecordingFinder::find_folded(const std::string& path) {
  std::string real;
  for (std::size_t start = 0; start < path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const bool last = end == path.size();
    const auto& names = list(real).folded;
    const auto found = names.find(folded(path.substr(start, end - start)));
    if (found == names.end() || found->second.is_folder == last) return {};
    real += found->second.name;
    if (last) return real;
    real += '/';
    start = end + 1;
  }
  return {};
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
