#include <feedline/checkpoint/durable_file.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace feedline {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

}  // namespace

void throw_file_error(const char* what, const std::filesystem::path& path) {
  throw std::filesystem::filesystem_error(what, path, std::error_code(errno, std::generic_category()));
}

DurableFile::DurableFile(std::filesystem::path path)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
  if (!fd_) throw_file_error("cannot make the file", path_);
}

void DurableFile::write(std::span<const std::byte> bytes) {
  hasher_.add(bytes);
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_file_error("cannot write", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

FileDigest DurableFile::finish() {
  if (::fsync(fd_.get()) != 0) throw_file_error("cannot write", path_);
  if (::close(fd_.release()) != 0) throw_file_error("cannot write", path_);
  return {bytes_, hasher_.value()};
}

FileDigest digest_of(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw_file_error("cannot open", path);
  std::vector<std::byte> piece(kPiece);
  Hasher hasher;
  std::uint64_t bytes = 0;
  for (;;) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_file_error("cannot read", path);
    if (got == 0) return {bytes, hasher.value()};
    hasher.add(std::span(piece).first(static_cast<std::size_t>(got)));
    bytes += static_cast<std::uint64_t>(got);
  }
}

void sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw_file_error("cannot open the folder", folder);
  if (::fsync(fd.get()) != 0 && errno != EINVAL)
    throw_file_error("cannot write the folder", folder);  // EINVAL: the file system needs no sync of folders
}

}  // namespace feedline
