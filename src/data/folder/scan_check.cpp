#include "scan_check.hpp"

#include "folder_checks.hpp"
#include "folder_parts.hpp"
#include "foreign_kinds.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace feedline {
namespace {

namespace fs = std::filesystem;

std::string shown(const fs::path& path) {
  return printable(path.string());
}

/// Whether there are files and all of them lie in folders below the class's own.
bool holds_classes(const ClassFiles& one) {
  return !one.offsets.empty() &&
         std::all_of(one.offsets.begin(), one.offsets.end(), [&](std::uint64_t offset) {
           return std::strchr(one.path(offset) + one.name.size() + 1, '/') != nullptr;
         });
}

/// The first class folder of that part that is as `fits` says; null when there is none.
template <class Fits>
const ClassFiles* find_part(const FolderScan& scan, SetPart part, Fits fits) {
  const auto found = std::find_if(scan.classes.begin(), scan.classes.end(), [&](const ClassFiles& one) {
    return part_of(one.name) == part && fits(one);
  });
  return found == scan.classes.end() ? nullptr : &*found;
}

const ClassFiles* find_validation(const FolderScan& scan) {
  const auto any = [](const ClassFiles&) { return true; };
  for (const SetPart part : {SetPart::kValidation, SetPart::kTest}) {
    if (const ClassFiles* found = find_part(scan, part, holds_classes)) return found;
    if (const ClassFiles* found = find_part(scan, part, any)) return found;
  }
  return nullptr;
}

/// The folder in `one` that holds the folders of the classes.
fs::path classes_in(const fs::path& root, const ClassFiles& one) {
  return root / common_folder(one.name, one.path(one.offsets.front()), one.path(one.offsets.back()));
}

void refuse_parts(const fs::path& root, const FolderScan& scan) {
  const ClassFiles* train = find_part(scan, SetPart::kTrain, holds_classes);
  const ClassFiles* val = find_validation(scan);
  if (train == nullptr || val == nullptr) return;
  std::string remedy = "--train-data " + shown(classes_in(root, *train));
  if (holds_classes(*val)) remedy += " --val-data " + shown(classes_in(root, *val));
  throw DataError(fmt::format("{} holds a data set in parts, {}/ and {}/, not one folder a class. Use {}",
                              shown(root), printable(train->name), printable(val->name), remedy));
}

void refuse_empty(const fs::path& root, const FolderScan& scan, const FileKind& kind) {
  if (scan.files() > 0) return;
  const OtherKinds foreign = scan.findings.others.only(foreign_endings(kind));
  if (!foreign.empty()) {
    throw DataError(fmt::format("{} has no folder with {} ({}) in it, but {}, which are not read. {}.",
                                shown(root), kind.many, fmt::join(kind.endings, ", "), foreign.text(),
                                conversion(kind, foreign.first())));
  }
  throw DataError(fmt::format(
      "{} has no folder with {} ({}) in it; found {}. Make one folder a class and put its {} there, as in "
      "{}.",
      shown(root), kind.many, fmt::join(kind.endings, ", "), list_folder(root), kind.many,
      shown(root / kind.example)));
}

/// Whatever cannot be looked into may be a class, and the labels of those after it would be others.
void refuse_unreadable(const fs::path& root, const FolderScan& scan) {
  if (scan.findings.unreadable.empty()) return;
  const auto others = scan.findings.left_out.unreadable_folders - 1;
  throw DataError(
      fmt::format("The folder {}/{}{}, so it is not known which classes and files there are. Check its "
                  "permissions and the disk that it is on, or take it away.",
                  shown(root), printable(scan.findings.unreadable),
                  others > 0 ? fmt::format(" (and {} more)", others) : ""));
}

/// A class all of whose files would have to be converted first must not vanish.
void refuse_foreign_classes(const fs::path& root, const FolderScan& scan, const FileKind& kind) {
  for (const ClassFiles& one : scan.classes) {
    const OtherKinds foreign = one.findings.others.only(foreign_endings(kind));
    if (!one.offsets.empty() || foreign.empty()) continue;
    throw DataError(
        fmt::format("The folder {} has no {} ({}) in it, but {}, which are not read, so its class would be "
                    "missing. {}, or take "
                    "the folder away.",
                    shown(root / one.name), kind.one, fmt::join(kind.endings, ", "), foreign.text(),
                    conversion(kind, foreign.first())));
  }
}

}  // namespace

void check_scan(const fs::path& root, const FolderScan& scan, const FileKind& kind) {
  refuse_unreadable(root, scan);
  refuse_empty(root, scan, kind);
  refuse_parts(root, scan);
  refuse_foreign_classes(root, scan, kind);
}

}  // namespace feedline
