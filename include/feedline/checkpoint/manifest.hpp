#pragma once

#include <feedline/checkpoint/durable_file.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace feedline {

/// The file of a checkpoint that is written last. It lists the parts with their lengths and checksums.
struct Manifest {
  static constexpr int kVersion = 1;
  static constexpr const char* kName = "manifest.json";

  std::map<std::string, FileDigest> parts;  ///< Parts by file name
};

/// Returns the manifest as JSON with its own checksum.
std::string to_text(const Manifest& manifest);

/// Parses `text`. Throws UsageError with a short reason when a single byte differs from the written text.
Manifest manifest_from(const std::string& text);

/// Reads every byte of the checkpoint in `folder` and returns its manifest. Throws a UsageError that names
/// the file and its fault when any byte differs from the written one.
Manifest verify_checkpoint(const std::filesystem::path& folder);

/// Returns the whole text of a file. Throws a UsageError that names the file.
std::string read_text(const std::filesystem::path& path);

}  // namespace feedline
