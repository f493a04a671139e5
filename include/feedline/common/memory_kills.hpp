#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace feedline {

/// Records how many processes the kernel has killed for lack of memory, in the cgroups of this process and on
/// the whole machine, in order to detect later kills.
class MemoryKills {
 public:
  /// `root` is the folder that holds /proc and /sys.
  explicit MemoryKills(std::filesystem::path root = "/");

  /// Returns a sentence, with a leading space, that names the limit and the remedy. It is empty when no
  /// process has been killed since.
  std::string reason() const;

 private:
  std::filesystem::path root_;
  std::map<std::filesystem::path, std::uint64_t> before_;  ///< Kills at the start, by the file that counts
};

}  // namespace feedline
