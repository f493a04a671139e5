#include "folder_listing.hpp"

#include <feedline/common/unique_handle.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iterator>
#include <mutex>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace feedline {
namespace {

struct DirTraits {
  using Type = DIR*;
  static Type null() noexcept { return nullptr; }
  static void close(Type dir) noexcept { ::closedir(dir); }
};
using UniqueDir = UniqueHandle<DirTraits>;

enum class Kind { kFile, kFolder, kOther };

UniqueDir open_folder(int root_fd, const std::string& path) {
  const int fd = openat(root_fd, path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return UniqueDir();
  UniqueDir dir(fdopendir(fd));
  if (!dir) FdTraits::close(fd);
  return dir;
}

/// Asks the file system only where the listing does not say it, or names a link.
Kind kind_of(int folder_fd, const dirent& entry) {
  if (entry.d_type == DT_REG) return Kind::kFile;
  if (entry.d_type == DT_DIR) return Kind::kFolder;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return Kind::kOther;
  struct stat status {};
  if (fstatat(folder_fd, entry.d_name, &status, 0) != 0) return Kind::kOther;
  if (S_ISDIR(status.st_mode)) return Kind::kFolder;
  return S_ISREG(status.st_mode) ? Kind::kFile : Kind::kOther;
}

bool is_picture(const char* name) {
  const char* dot = std::strrchr(name, '.');
  if (dot == nullptr) return false;
  for (const char* ending : {".jpg", ".jpeg", ".png", ".jpe", ".jfif"}) {
    if (strcasecmp(dot, ending) == 0) return true;
  }
  return false;
}

FolderStamp stamp_of(int fd, const std::string& path) {
  struct stat status {};
  if (fstat(fd, &status) != 0) throw std::system_error(errno, std::generic_category(), path);
  const std::int64_t ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  return {path, ns, status.st_dev, status.st_ino};
}

/// What one class holds.
struct ClassListing {
  std::vector<char> names;
  std::vector<std::uint64_t> offsets;
  std::vector<FolderStamp> folders;
  ImageFolder::LeftOut left_out;
};

/// Walks one class. Folders that were seen already are links that go round.
class ClassWalk {
 public:
  /// `root`: a link that leads back to it goes round, too.
  ClassWalk(int root_fd, const FolderStamp& root) : root_fd_(root_fd), seen_{{root.device, root.inode}} {}

  ClassListing walk(const std::string& name) {
    visit(name);
    std::sort(result_.offsets.begin(), result_.offsets.end(), [this](std::uint64_t a, std::uint64_t b) {
      return std::strcmp(result_.names.data() + a, result_.names.data() + b) < 0;
    });
    return std::move(result_);
  }

 private:
  void visit(const std::string& path) {
    const UniqueDir dir = open_folder(root_fd_, path);
    if (!dir) {
      ++result_.left_out.unreadable_folders;
      return;
    }
    const FolderStamp stamp = stamp_of(dirfd(dir.get()), path);
    if (!seen_.emplace(stamp.device, stamp.inode).second) return;
    result_.folders.push_back(stamp);
    std::vector<std::string> inner;
    while (const dirent* entry = readdir(dir.get())) take(dirfd(dir.get()), path, *entry, inner);
    std::sort(inner.begin(), inner.end());
    for (const std::string& folder : inner) visit(folder);
  }

  void take(int fd, const std::string& path, const dirent& entry, std::vector<std::string>& inner) {
    const std::string_view name = entry.d_name;
    if (name == "." || name == "..") return;
    if (name.front() == '.') {
      ++result_.left_out.hidden;
      return;
    }
    switch (kind_of(fd, entry)) {
      case Kind::kFolder:
        inner.push_back(path + '/' + entry.d_name);
        break;
      case Kind::kFile:
        if (is_picture(entry.d_name)) return add(path, name);
        [[fallthrough]];
      case Kind::kOther:
        ++result_.left_out.other_types;
    }
  }

  void add(const std::string& path, std::string_view name) {
    std::vector<char>& names = result_.names;
    result_.offsets.push_back(names.size());
    names.insert(names.end(), path.begin(), path.end());
    names.push_back('/');
    names.insert(names.end(), name.begin(), name.end());
    names.push_back('\0');
  }

  int root_fd_;
  ClassListing result_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
};

/// The classes' names, sorted; what else is in the root is counted.
std::vector<std::string> list_classes(int root_fd, FolderListing& listing) {
  const UniqueDir dir = open_folder(root_fd, "");
  if (!dir) throw std::system_error(errno, std::generic_category());
  listing.folders.push_back(stamp_of(dirfd(dir.get()), ""));
  std::vector<std::string> names;
  while (const dirent* entry = readdir(dir.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (name.front() == '.') {
      ++listing.left_out.hidden;
    } else if (kind_of(dirfd(dir.get()), *entry) == Kind::kFolder) {
      names.emplace_back(name);
    } else {
      ++listing.left_out.other_types;
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<ClassListing> walk_classes(int root_fd, const FolderStamp& root,
                                       const std::vector<std::string>& names, int threads) {
  std::vector<ClassListing> classes(names.size());
  std::atomic<std::size_t> next{0};
  std::exception_ptr error;
  std::mutex mutex;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < names.size(); i = next++)
        classes[i] = ClassWalk(root_fd, root).walk(names[i]);
    } catch (...) {
      const std::lock_guard lock(mutex);
      error = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads; ++i) workers.emplace_back(work);
    work();
  }
  if (error) std::rethrow_exception(error);
  return classes;
}

void append(const ClassListing& part, FolderListing& all) {
  for (const std::uint64_t offset : part.offsets) {
    const char* name = part.names.data() + offset;
    all.offsets.push_back(all.names.size());
    all.names.insert(all.names.end(), name, name + std::strlen(name) + 1);
  }
  all.ends.push_back(all.offsets.size());
  std::copy(part.folders.begin(), part.folders.end(), std::back_inserter(all.folders));
  all.left_out.hidden += part.left_out.hidden;
  all.left_out.other_types += part.left_out.other_types;
  all.left_out.unreadable_folders += part.left_out.unreadable_folders;
}

}  // namespace

FolderStamp stamp_folder(int root_fd, const std::string& path) {
  const UniqueFd fd(openat(root_fd, path.empty() ? "." : path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw std::system_error(errno, std::generic_category(), path);
  return stamp_of(fd.get(), path);
}

FolderListing scan_folder(int root_fd, int threads) {
  FolderListing listing;
  listing.classes = list_classes(root_fd, listing);
  std::vector<ClassListing> parts = walk_classes(root_fd, listing.folders[0], listing.classes, threads);
  std::size_t bytes = 0, count = 0;
  for (const ClassListing& part : parts) {
    bytes += part.names.size();
    count += part.offsets.size();
  }
  listing.names.reserve(bytes);
  listing.offsets.reserve(count);
  for (ClassListing& part : parts) append(std::exchange(part, {}), listing);
  return listing;
}

}  // namespace feedline
