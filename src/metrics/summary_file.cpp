#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/metrics/summary.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_cannot_write(const fs::path& path, const std::string& reason) {
  throw UsageError("Cannot write the file of --summary, " + path.string() + ": " + reason +
                   ". Name a file in a folder that exists and can be written.");
}

[[noreturn]] void throw_errno_of(const fs::path& path, int error) {
  throw_cannot_write(path, std::strerror(error));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// A pipe or a device, such as /dev/stdout: written straight, never replaced by a file.
bool is_special(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
}

void write_all(int fd, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_errno_of(path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
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

void write_special(const fs::path& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0) throw_errno_of(path, errno);
  write_all(fd.get(), text, path);
}

void write_regular(const fs::path& path, std::string_view text) {
  const Temporary temporary(path.string() + ".tmp." + std::to_string(::getpid()));
  const UniqueFd fd(::open(temporary.path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (fd.get() < 0) throw_errno_of(path, errno);
  write_all(fd.get(), text, path);
  if (::fsync(fd.get()) != 0 || ::rename(temporary.path().c_str(), path.c_str()) != 0)
    throw_errno_of(path, errno);
}

}  // namespace

void check_summary_path(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) throw_cannot_write(path, "it is a folder");
  const fs::path target = is_special(path) ? path : folder_of(path);
  if (::access(target.c_str(), W_OK) != 0) throw_errno_of(path, errno);
}

void write_summary(const fs::path& path, const Summary& summary) {
  check_summary_path(path);
  const std::string text = to_json(summary);
  if (is_special(path)) {
    write_special(path, text);
  } else {
    // A link stays one: what it points to is replaced.
    write_regular(fs::exists(path) ? fs::canonical(path) : path, text);
  }
}

}  // namespace feedline
