#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace feedline {

/// An array of bytes as the IDX format stores it: the sizes, then the values, row by row. See
/// http://yann.lecun.com/exdb/mnist, "The IDX file format".
struct IdxArray {
  std::vector<std::uint64_t> shape;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with `least_dims` to `most_dims` dimensions, gzip or plain. Throws a
/// DataError that names the file, and what was expected and found. Never unpacks more than the header
/// declares.
IdxArray read_idx(const std::filesystem::path& path, unsigned least_dims, unsigned most_dims);

}  // namespace feedline
