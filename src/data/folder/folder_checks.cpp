#include "folder_checks.hpp"

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

}  // namespace

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
