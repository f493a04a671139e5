#include "idx_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostNames = 5;

/// "train-images-idx3-ubyte", or with a dot before idx, as some archives name them; plain or gzip.
std::optional<fs::path> find_file(const fs::path& folder, const std::string& stem, const std::string& kind) {
  for (const char* joint : {"-", "."}) {
    for (const char* ending : {"", ".gz"}) {
      const fs::path path = folder / (stem + joint + kind + "-ubyte" + ending);
      if (std::error_code ignored; fs::exists(path, ignored)) return path;
    }
  }
  return std::nullopt;
}

std::optional<fs::path> find_images(const fs::path& folder, const std::string& prefix) {
  const auto path = find_file(folder, prefix + "-images", "idx3");
  return path ? path : find_file(folder, prefix + "-images", "idx4");
}

}  // namespace

std::optional<IdxFiles> find_idx_files(const fs::path& folder, const std::string& prefix) {
  const auto images = find_images(folder, prefix);
  const auto labels = find_file(folder, prefix + "-labels", "idx1");
  if (!images && !labels) return std::nullopt;
  if (!images || !labels) {
    throw DataError(fmt::format("{} has {}, but no {}-{}-ubyte (or .gz) beside it: put it there.",
                                folder.string(), (images ? *images : *labels).filename().string(), prefix,
                                images ? "labels-idx1" : "images-idx3"));
  }
  return IdxFiles{*images, *labels};
}

void check_folder(const fs::path& folder, const std::string& flag) {
  std::error_code error;
  if (!fs::exists(folder, error)) {
    throw DataError(fmt::format("{} {}: there is no such folder{}. Check the path.", flag,
                                printable(folder.string()), error ? " (" + error.message() + ")" : ""));
  }
  if (!fs::is_directory(folder, error)) {
    throw DataError(
        fmt::format("{} {} is a file. Give the folder that it is in.", flag, printable(folder.string())));
  }
  if (fs::directory_iterator(folder, error); error) {
    throw DataError(fmt::format("{} {} cannot be read: {}. Check its permissions.", flag,
                                printable(folder.string()), error.message()));
  }
}

std::string list_folder(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(printable(entry.path().filename().string()));
  if (names.empty()) return "nothing";
  std::sort(names.begin(), names.end());
  const std::size_t shown = std::min(names.size(), kMostNames);
  const std::string list =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return names.size() > shown ? fmt::format("{} and {} more", list, names.size() - shown) : list;
}

}  // namespace feedline
