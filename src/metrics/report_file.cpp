#include "report_file.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// A file, and the flag that named it.
struct Target {
  const char* flag;
  const fs::path& path;
};

[[noreturn]] void throw_cannot_write(const Target& target, const std::string& reason) {
  throw UsageError(std::string("Cannot write the file of ") + target.flag + ", " + target.path.string() +
                   ": " + reason + ". Name a file in a folder that exists and can be written.");
}

[[noreturn]] void throw_errno_of(const Target& target, int error) {
  throw_cannot_write(target, std::strerror(error));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Returns whether the path is a pipe or a device, such as /dev/stdout, which is written directly and never
/// replaced by a file.
bool is_special(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
}

void write_all(int fd, std::span<const std::string_view> pieces, const Target& target) {
  for (std::string_view text : pieces) {
    while (!text.empty()) {
      const ssize_t written = ::write(fd, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw_errno_of(target, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
}

/// Removes the temporary file unless it became the real one.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() { ::unlink(path_.c_str()); }

  const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

/// Makes a new file beside the target. Nobody can know its name beforehand, and a file that has this name
/// already is not opened: in a folder that others can write to, a prepared link has no effect. Its mode is
/// that of any new file; mkstemp would set another.
std::pair<std::unique_ptr<Temporary>, UniqueFd> make_temporary(const Target& target) {
  constexpr int kTries = 100;
  std::random_device random;
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t number = std::uint64_t{random()} << 32 | random();
    const fs::path path = target.path.string() + ".tmp." + std::to_string(number);
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (fd) return {std::make_unique<Temporary>(path), std::move(fd)};
    if (errno != EEXIST) break;
  }
  throw_errno_of(target, errno);
}

void write_special(const Target& target, std::span<const std::string_view> pieces) {
  const UniqueFd fd(::open(target.path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0) throw_errno_of(target, errno);
  write_all(fd.get(), pieces, target);
}

void write_regular(const Target& target, std::span<const std::string_view> pieces) {
  auto [temporary, fd] = make_temporary(target);
  write_all(fd.get(), pieces, target);
  if (::fsync(fd.get()) != 0 || ::rename(temporary->path().c_str(), target.path.c_str()) != 0)
    throw_errno_of(target, errno);
}

}  // namespace

void check_report_path(const char* flag, const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) throw_cannot_write({flag, path}, "it is a folder");
  const fs::path target = is_special(path) ? path : folder_of(path);
  if (::access(target.c_str(), W_OK) != 0) throw_errno_of({flag, path}, errno);
}

void write_report(const char* flag, const fs::path& path, std::span<const std::string_view> pieces) {
  check_report_path(flag, path);
  if (is_special(path)) return write_special({flag, path}, pieces);
  // A link is kept: its target is replaced.
  const fs::path target = fs::exists(path) ? fs::canonical(path) : path;
  write_regular({flag, target}, pieces);
}

}  // namespace feedline
