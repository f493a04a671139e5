#include "folder_reader.hpp"

#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string_view>

namespace feedline {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FolderStamp stamp_in(const struct stat& facts) {
  return {facts.st_ino, nanoseconds(facts.st_mtim), nanoseconds(facts.st_ctim)};
}

}  // namespace

std::optional<FolderStamp> stamp_of(int root_fd, const char* path) {
  struct stat facts {};
  if (fstatat(root_fd, path, &facts, 0) != 0 || !S_ISDIR(facts.st_mode)) return std::nullopt;
  return stamp_in(facts);
}

std::optional<FolderReader> FolderReader::open(int root_fd, const char* path) {
  UniqueFd fd(::openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0) return std::nullopt;
  DIR* dir = ::fdopendir(fd.get());
  if (dir == nullptr) return std::nullopt;
  fd.release();
  return FolderReader(dir, {facts.st_dev, facts.st_ino}, stamp_in(facts));
}

const dirent* FolderReader::next() noexcept {
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(dir_.get());
    if (entry == nullptr) {
      error_ = errno;
      return nullptr;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") return entry;
  }
}

EntryKind FolderReader::kind(const dirent& entry) const noexcept {
  if (entry.d_type == DT_REG) return EntryKind::kFile;
  if (entry.d_type == DT_DIR) return EntryKind::kFolder;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return EntryKind::kOther;
  struct stat facts {};
  if (fstatat(dirfd(dir_.get()), entry.d_name, &facts, 0) != 0) return EntryKind::kBroken;
  if (S_ISREG(facts.st_mode)) return EntryKind::kFile;
  return S_ISDIR(facts.st_mode) ? EntryKind::kFolder : EntryKind::kOther;
}

}  // namespace feedline
