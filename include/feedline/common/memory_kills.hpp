#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace feedline {

/// Notes how many processes the kernel has ended for want of memory, in the cgroups that this process is in
/// and on the whole machine, to tell later whether one has been since.
class MemoryKills {
 public:
  /// `root` is where /proc and /sys are looked for.
  explicit MemoryKills(std::filesystem::path root = "/");

  /// A sentence, with a space before it, that says whose limit it was and what helps; empty when none was
  /// ended.
  std::string reason() const;

 private:
  std::filesystem::path root_;
  std::map<std::filesystem::path, std::uint64_t> before_;  ///< by the file that counts
};

}  // namespace feedline
