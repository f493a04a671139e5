#pragma once

#include <feedline/checkpoint/durable_file.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace feedline {

/// The last file that is written of a checkpoint: which parts it has, with their lengths and checksums.
struct Manifest {
  static constexpr int kVersion = 1;
  static constexpr const char* kName = "manifest.json";

  std::map<std::string, FileDigest> parts;  ///< by file name
};

/// The manifest as JSON with a checksum of its own.
std::string to_text(const Manifest& manifest);

/// Reads `text` back. Throws UsageError with a short reason when a single byte of it is not what was written.
Manifest manifest_from(const std::string& text);

/// Reads every byte of the checkpoint in `folder` and throws UsageError, naming the file and what is wrong
/// with it, unless all of it is what was written.
Manifest verify_checkpoint(const std::filesystem::path& folder);

/// The whole text of a file. Throws UsageError naming it.
std::string read_text(const std::filesystem::path& path);

}  // namespace feedline
