#pragma once

#include "temp_folder.hpp"

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace feedline::testing {

/// The bytes of an IDX file: header of unsigned bytes, then `values`.
inline std::string idx_bytes(const std::vector<std::uint32_t>& shape, const std::string& values) {
  std::string bytes = {'\0', '\0', '\x08', static_cast<char>(shape.size())};
  for (const std::uint32_t extent : shape) {
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(extent >> shift & 0xFF);
  }
  return bytes + values;
}

/// `bytes` as a gzip file would hold them.
inline std::string gzip(const std::string& bytes) {
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  if (deflateInit2(&stream, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int code = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate");
  return packed;
}

/// Bytes without a pattern, so that they hardly compress: always the same for the same arguments.
inline std::string noise(std::size_t count, std::uint32_t seed = 1) {
  std::string bytes(count, '\0');
  for (char& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<char>(seed >> 24);
  }
  return bytes;
}

/// `count` labels 0, 1, ..., classes - 1, 0, 1, ...
inline std::string labels(std::uint32_t count, std::uint32_t classes = 10) {
  std::string bytes;
  for (std::uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(i % classes);
  return bytes;
}

/// Writes `count` pictures of 6 x 5 and their labels as `prefix` ("train", "t10k"), plain.
inline void write_pair(const TempFolder& folder, const std::string& prefix, std::uint32_t count,
                       std::uint32_t classes = 10) {
  folder.write(prefix + "-images-idx3-ubyte", idx_bytes({count, 6, 5}, noise(count * 30)));
  folder.write(prefix + "-labels-idx1-ubyte", idx_bytes({count}, labels(count, classes)));
}

}  // namespace feedline::testing
