#include "idx_file.hpp"

#include "gzip_reader.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace feedline {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr std::size_t kMagicBytes = 4;
constexpr std::uint8_t kUnsignedByte = 0x08;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 40;

[[noreturn]] void unusable(const std::filesystem::path& path, const std::string& why) {
  throw DataError(fmt::format("{} cannot be used: {}.", path.string(), why));
}

std::uint64_t big_endian(const std::uint8_t* bytes) {
  return std::uint64_t{bytes[0]} << 24 | std::uint64_t{bytes[1]} << 16 | std::uint64_t{bytes[2]} << 8 |
         std::uint64_t{bytes[3]};
}

std::string either(unsigned least, unsigned most) {
  return least == most ? std::to_string(least) : fmt::format("{} or {}", least, most);
}

/// Checks the magic bytes 00 00 <element type> <dimensions> and returns the number of dimensions.
unsigned read_magic(const std::filesystem::path& path, const Bytes& head, unsigned least, unsigned most) {
  if (head.size() < kMagicBytes) {
    unusable(path,
             fmt::format("it has only {} bytes, but an IDX file starts with 4 magic bytes; fetch it again",
                         head.size()));
  }
  if (head[0] != 0 || head[1] != 0) {
    unusable(path,
             fmt::format("it starts with {:02x} {:02x} {:02x} {:02x}, but an IDX file starts with 00 00 08 "
                         "and {:02x}; put the IDX file in its place",
                         head[0], head[1], head[2], head[3], least));
  }
  if (head[2] != kUnsignedByte) {
    unusable(path, fmt::format("its values have the IDX type {:02x}, but this version reads unsigned bytes "
                               "(type 08); convert it",
                               head[2]));
  }
  if (head[3] < least || head[3] > most) {
    unusable(path,
             fmt::format("it has {} dimension(s), but {} were expected: pictures have 3 or 4, labels 1; "
                         "check which file is which",
                         head[3], either(least, most)));
  }
  return head[3];
}

/// Reads the sizes that follow the magic bytes and returns their product.
std::uint64_t read_shape(const std::filesystem::path& path, const Bytes& sizes, IdxArray& array) {
  std::uint64_t total = 1;
  for (std::size_t at = 0; at < sizes.size(); at += 4) {
    const std::uint64_t extent = big_endian(sizes.data() + at);
    if (extent == 0) unusable(path, "its header declares a size of 0, so it holds nothing; fetch it again");
    if (total > kMostBytes / extent)
      unusable(path, "its header declares more than 1 TiB, so it is damaged; fetch it again");
    array.shape.push_back(extent);
    total *= extent;
  }
  return total;
}

void read_values(const std::filesystem::path& path, GzipReader& reader, std::uint64_t declared,
                 Bytes& values) {
  const std::uint64_t needed = std::min(declared, reader.most_bytes()) + 1;
  if (const MemoryRoom room = memory_room(); needed > room.bytes) {
    unusable(path,
             fmt::format("it needs {} of memory, and {} are free, since {}; use more memory, or less data",
                         format_bytes(needed), format_bytes(room.bytes), room.limit));
  }
  values.reserve(needed);
  reader.read(values, declared + 1);
}

}  // namespace

IdxArray read_idx(const std::filesystem::path& path, unsigned least_dims, unsigned most_dims) {
  GzipReader reader(path);
  Bytes magic, sizes;
  reader.read(magic, kMagicBytes);
  const std::size_t size_bytes = 4 * std::size_t{read_magic(path, magic, least_dims, most_dims)};
  reader.read(sizes, size_bytes);
  if (sizes.size() != size_bytes)
    unusable(path, "it ends inside its header, so it is truncated; fetch it again");

  IdxArray array;
  const std::uint64_t declared = read_shape(path, sizes, array);
  read_values(path, reader, declared, array.values);
  if (array.values.size() != declared) {
    const bool fewer = array.values.size() < declared;
    unusable(path,
             fmt::format("its header declares {} ({} bytes), but {} follow, so it is {}; fetch it again",
                         fmt::join(array.shape, " x "), declared,
                         fewer ? std::to_string(array.values.size()) : "more",
                         fewer ? "truncated" : "not what it says"));
  }
  return array;
}

}  // namespace feedline
