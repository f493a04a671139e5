#include "scan_check.hpp"

#include "image/idx/idx_folder.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cstring>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// The class folder of that name, in any case.
const ClassFiles* find_class(const FolderScan& scan, const char* name) {
  const auto found = std::find_if(scan.classes.begin(), scan.classes.end(), [name](const ClassFiles& one) {
    return strcasecmp(one.name.c_str(), name) == 0;
  });
  return found == scan.classes.end() ? nullptr : &*found;
}

const ClassFiles* find_validation(const FolderScan& scan) {
  for (const char* name : {"val", "valid", "validation", "test"})
    if (const ClassFiles* found = find_class(scan, name)) return found;
  return nullptr;
}

/// Whether there are files and all of them lie in folders below the class's own.
bool holds_classes(const ClassFiles& one) {
  return !one.offsets.empty() &&
         std::all_of(one.offsets.begin(), one.offsets.end(), [&](std::uint64_t offset) {
           return std::strchr(one.path(offset) + one.name.size() + 1, '/') != nullptr;
         });
}

void refuse_parts(const fs::path& root, const FolderScan& scan) {
  const ClassFiles* train = find_class(scan, "train");
  const ClassFiles* val = find_validation(scan);
  if (train == nullptr || val == nullptr || !holds_classes(*train)) return;
  std::string remedy = "--train-data " + (root / train->name).string();
  if (holds_classes(*val)) remedy += " --val-data " + (root / val->name).string();
  throw DataError(fmt::format("{} holds a data set in parts, {}/ and {}/, not one folder a class. Use {}",
                              root.string(), train->name, val->name, remedy));
}

void refuse_empty(const fs::path& root, const FolderScan& scan, const FileKind& kind) {
  if (scan.files() > 0) return;
  const auto unreadable = scan.findings.left_out.unreadable_folders;
  throw DataError(fmt::format(
      "{} has no folder with {} ({}) in it; found {}{}. Make one folder a class and put its {} there, as in "
      "{}.",
      root.string(), kind.many, fmt::join(kind.endings, ", "), list_folder(root),
      unreadable > 0 ? fmt::format("; {} of its folders cannot be read, check their permissions", unreadable)
                     : "",
      kind.many, (root / kind.example).string()));
}

}  // namespace

void check_scan(const fs::path& root, const FolderScan& scan, const FileKind& kind) {
  refuse_empty(root, scan, kind);
  refuse_parts(root, scan);
}

}  // namespace feedline
