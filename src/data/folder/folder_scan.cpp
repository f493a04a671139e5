#include "folder_scan.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/resources.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <string>

namespace feedline {
namespace {

constexpr std::int64_t kLongestTick = 2'000'000'000;

std::int64_t system_time_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

/// Names of the root's folders, sorted.
std::vector<std::string> class_names(FolderReader& root, Findings& findings) {
  std::vector<std::string> names;
  while (const dirent* entry = root.next()) {
    if (entry->d_name[0] == '.') {
      ++findings.left_out.hidden;
      continue;
    }
    const EntryKind kind = root.kind(*entry);
    if (kind == EntryKind::kFolder) {
      names.emplace_back(entry->d_name);
    } else {
      findings.note_other(entry->d_name, kind);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<ClassFiles> walk_classes(int root_fd, const FolderId& root, const std::vector<std::string>& names,
                                     const FileKind& kind) {
  std::vector<ClassFiles> classes(names.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < names.size(); i = next++)
      classes[i] = walk_class(root_fd, names[i], root, kind);
  };
  std::vector<std::future<void>> workers(std::min(names.size(), static_cast<std::size_t>(usable_cores())));
  for (auto& worker : workers) worker = std::async(std::launch::async, work);
  for (auto& worker : workers) worker.get();
  return classes;
}

}  // namespace

std::uint64_t FolderScan::files() const noexcept {
  std::uint64_t files = 0;
  for (const ClassFiles& one : classes) files += one.offsets.size();
  return files;
}

bool FolderScan::lasting() const noexcept {
  const auto settled = [this](const WalkedFolder& folder) {
    return folder.stamp.modified_ns < started_ns - kLongestTick;
  };
  return !findings.may_get_better() && settled(root) &&
         std::all_of(classes.begin(), classes.end(), [&](const ClassFiles& one) {
           return std::all_of(one.folders.begin(), one.folders.end(), settled);
         });
}

FolderScan scan_folder(int root_fd, const std::filesystem::path& root, const FileKind& kind) {
  FolderScan scan;
  scan.started_ns = system_time_ns();
  auto reader = FolderReader::open(root_fd, ".");
  if (reader) {
    scan.root = {".", reader->stamp()};
    const auto names = class_names(*reader, scan.findings);
    if (!reader->failed()) scan.classes = walk_classes(root_fd, reader->id(), names, kind);
  }
  if (!reader || reader->failed()) {
    throw DataError(
        fmt::format("The folder {} cannot be read to its end. Check the disk it is on.", root.string()));
  }
  for (const ClassFiles& one : scan.classes) scan.findings.add(one.findings);
  scan.findings.left_out.kinds = scan.findings.others.text();
  return scan;
}

}  // namespace feedline
