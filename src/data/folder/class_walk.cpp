#include "class_walk.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <set>
#include <system_error>

namespace feedline {
namespace {

class ClassWalk {
 public:
  ClassWalk(int root_fd, const std::string& name, const FolderId& root, const FileKind& kind)
      : root_fd_(root_fd), kind_(kind), met_{root} {
    files_.name = name;
    pending_.push_back(name);
  }

  ClassFiles run() && {
    while (!pending_.empty()) {
      const std::string path = std::move(pending_.back());
      pending_.pop_back();
      walk(path);
    }
    sort();
    return std::move(files_);
  }

 private:
  void walk(const std::string& path) {
    auto folder = FolderReader::open(root_fd_, path.c_str());
    if (!folder) {
      files_.findings.note_unreadable(path, errno);
      return;
    }
    files_.folders.push_back({path, folder->stamp()});
    if (!met_.insert(folder->id()).second) return;
    const auto first = static_cast<std::ptrdiff_t>(pending_.size());
    while (const dirent* entry = folder->next()) take(*folder, path, *entry);
    if (folder->failed()) files_.findings.note_unreadable(path, folder->error());
    // The last is walked first. Of two ways to a folder the walk must not take the one that readdir tells
    // first.
    std::sort(pending_.begin() + first, pending_.end(), std::greater<>());
  }

  void take(const FolderReader& folder, const std::string& path, const dirent& entry) {
    if (entry.d_name[0] == '.') {
      ++left_out().hidden;
      return;
    }
    const EntryKind kind = folder.kind(entry);
    if (kind == EntryKind::kFolder) {
      pending_.push_back(path + '/' + entry.d_name);
    } else if (kind == EntryKind::kFile && kind_.takes(entry.d_name)) {
      files_.offsets.push_back(files_.paths.size());
      files_.paths.append(path).append(1, '/').append(entry.d_name).append(1, '\0');
    } else {
      files_.findings.note_other(path + '/' + entry.d_name, kind);
    }
  }

  void sort() {
    const char* paths = files_.paths.data();
    std::sort(files_.offsets.begin(), files_.offsets.end(),
              [paths](std::uint64_t a, std::uint64_t b) { return std::strcmp(paths + a, paths + b) < 0; });
  }

  ClassFolder::LeftOut& left_out() noexcept { return files_.findings.left_out; }

  int root_fd_;
  const FileKind& kind_;
  ClassFiles files_;
  std::set<FolderId> met_;
  std::vector<std::string> pending_;
};

}  // namespace

void Findings::note_other(const std::string& path, EntryKind kind) {
  ++left_out.other_types;
  broken_links |= kind == EntryKind::kBroken;
  if (kind == EntryKind::kFile) {
    others.add(path);
  } else {
    others.add(path, kind == EntryKind::kBroken ? "leading nowhere" : "neither file nor folder");
  }
}

void Findings::note_unreadable(const std::string& path, int reason) {
  ++left_out.unreadable_folders;
  const std::string words = path + " cannot be read: " + std::generic_category().message(reason);
  if (unreadable.empty() || words < unreadable) unreadable = words;
}

void Findings::add(const Findings& other) {
  left_out.hidden += other.left_out.hidden;
  left_out.other_types += other.left_out.other_types;
  left_out.unreadable_folders += other.left_out.unreadable_folders;
  broken_links |= other.broken_links;
  others.add(other.others);
  if (!other.unreadable.empty() && (unreadable.empty() || other.unreadable < unreadable))
    unreadable = other.unreadable;
}

ClassFiles walk_class(int root_fd, const std::string& name, const FolderId& root, const FileKind& kind) {
  return ClassWalk(root_fd, name, root, kind).run();
}

}  // namespace feedline
