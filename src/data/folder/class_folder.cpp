#include "folder_checks.hpp"
#include "folder_index.hpp"
#include "scan_check.hpp"
#include "storage/folder_storage.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/data/class_folder.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostNames = 10;

UniqueFd open_root(const fs::path& root) {
  check_folder(root, "The folder");
  return FolderStorage::open_root(root.string());
}

std::shared_ptr<const FolderStorage> storage_of(const fs::path& root, UniqueFd fd,
                                                const std::shared_ptr<const FolderList>& list) {
  return std::make_shared<FolderStorage>(FileNames(root.string(), list, list->paths(), list->offsets()),
                                         std::move(fd));
}

FolderList list_anew(const fs::path& root, int root_fd, const std::string& canonical, const fs::path& index,
                     const FileKind& kind) {
  const FolderScan scan = scan_folder(root_fd, root, kind);
  check_scan(root, scan, kind);
  FolderList list(pack(scan, canonical));
  if (!index.empty() && scan.lasting()) write_index(index, list);
  return list;
}

void warn_of_empty_classes(const fs::path& root, FolderList::Names names, const FileKind& kind) {
  if (names.empty()) return;
  const std::size_t shown = std::min(names.size(), kMostNames);
  std::string list;
  for (const char* name : names.first(shown)) list += fmt::format("{}{:?}", list.empty() ? "" : ", ", name);
  if (names.size() > shown) list += fmt::format(" and {} more", names.size() - shown);
  log_warning(fmt::format("Folders of {} without a {} are no classes: {}.", root.string(), kind.one, list));
}

}  // namespace

ClassFolder::ClassFolder(fs::path root, std::shared_ptr<const FolderList> list,
                         std::shared_ptr<const FolderStorage> files, bool from_index, const FileKind& kind)
    : root_(std::move(root)),
      list_(std::move(list)),
      files_(std::move(files)),
      classes_(list_->classes().begin(), list_->classes().end()),
      left_out_(list_->left_out()),
      from_index_(from_index) {
  warn_of_empty_classes(root_, list_->empty_classes(), kind);
}

ClassFolder ClassFolder::open(const fs::path& root, const fs::path& index_folder, const FileKind& kind) {
  UniqueFd fd = open_root(root);
  const std::string canonical = fs::canonical(root).string();
  const fs::path index = index_folder.empty() ? fs::path() : index_file(index_folder, canonical, kind);
  auto remembered = index.empty() ? std::nullopt : read_index(index, canonical, fd.get());
  const bool from_index = remembered.has_value();
  const auto list = std::make_shared<const FolderList>(
      from_index ? std::move(*remembered) : list_anew(root, fd.get(), canonical, index, kind));
  return {root, list, storage_of(root, std::move(fd), list), from_index, kind};
}

ClassFolder ClassFolder::of_files(std::span<const fs::path> files, const FileKind& kind) {
  FolderScan scan;
  ClassFiles& all = scan.classes.emplace_back();
  for (const fs::path& file : files) {
    all.offsets.push_back(all.paths.size());
    all.paths += fs::absolute(file).relative_path().native() + '\0';
  }
  const auto list = std::make_shared<const FolderList>(pack(scan, "/"));
  return {"/", list, storage_of("/", open_root("/"), list), false, kind};
}

std::uint64_t ClassFolder::size() const noexcept {
  return list_->size();
}

std::uint32_t ClassFolder::label(std::uint64_t id) const noexcept {
  return list_->label(id);
}

const char* ClassFolder::relative_path(std::uint64_t id) const noexcept {
  return list_->path(id);
}

int ClassFolder::root_fd() const noexcept {
  return files_->root_fd();
}

std::shared_ptr<const Storage> ClassFolder::files() const noexcept {
  return files_;
}

std::shared_ptr<const std::uint32_t[]> ClassFolder::file_classes() const noexcept {
  return {list_, list_->labels()};
}

bool ClassFolder::holds_folders_only() const noexcept {
  for (std::uint64_t id = 0; id < size(); ++id) {
    const char* below = relative_path(id) + classes_[label(id)].size() + 1;
    if (std::strchr(below, '/') == nullptr) return false;
  }
  return true;
}

std::string ClassFolder::describe(std::uint64_t id) const {
  return files_->describe(id);
}

}  // namespace feedline
