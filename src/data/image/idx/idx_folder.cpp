#include "idx_folder.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <system_error>

namespace feedline {
namespace {

namespace fs = std::filesystem;

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

}  // namespace feedline
