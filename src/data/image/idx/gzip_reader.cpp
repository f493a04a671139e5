#include "gzip_reader.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace feedline {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr std::uint64_t kMostExpansion = 1032;  // of deflate: https://zlib.net/zlib_tech.html

[[noreturn]] void cannot_read(const std::filesystem::path& path, const std::string& why) {
  throw DataError(fmt::format("Cannot read {}: {}.", path.string(), why));
}

[[noreturn]] void cannot_read(const std::filesystem::path& path, int error_number) {
  cannot_read(path, fmt::format("{}; check that it exists and may be read", std::strerror(error_number)));
}

/// Opens a file; anything else that has a name, a pipe say, could block for ever.
UniqueFd open_file(const std::filesystem::path& path, std::uint64_t& bytes) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0) cannot_read(path, errno);
  if (!S_ISREG(facts.st_mode)) {
    cannot_read(path, S_ISDIR(facts.st_mode) ? "it is a folder; put the file itself in its place"
                                             : "it is not a file; put a file in its place");
  }
  bytes = static_cast<std::uint64_t>(facts.st_size);
  return fd;
}

}  // namespace

void GzipTraits::close(Type file) noexcept {
  gzclose(file);
}

GzipReader::GzipReader(std::filesystem::path path) : path_(std::move(path)) {
  UniqueFd fd = open_file(path_, packed_bytes_);
  file_.reset(gzdopen(fd.get(), "rb"));
  if (!file_) cannot_read(path_, "out of memory");
  fd.release();
  gzbuffer(file_.get(), kPiece);
}

void GzipReader::read(std::vector<std::uint8_t>& out, std::size_t bytes) {
  while (bytes > 0) {
    const std::size_t piece = std::min(bytes, kPiece);
    const std::size_t before = out.size();
    out.resize(before + piece);
    const int got = gzread(file_.get(), out.data() + before, static_cast<unsigned>(piece));
    check(got);
    out.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return;
    bytes -= static_cast<std::size_t>(got);
  }
}

void GzipReader::check(int got) {
  const int error_number = errno;
  int code = Z_OK;
  const std::string why = gzerror(file_.get(), &code);
  if (code == Z_BUF_ERROR)
    cannot_read(path_, "its gzip data ends early, so the file is truncated; fetch it again");
  if (got >= 0) return;
  if (code == Z_ERRNO) cannot_read(path_, error_number);
  cannot_read(path_, "its gzip data is damaged (" + why + "); fetch it again");
}

std::uint64_t GzipReader::most_bytes() const noexcept {
  return gzdirect(file_.get()) != 0 ? packed_bytes_ : packed_bytes_ * kMostExpansion;
}

}  // namespace feedline
