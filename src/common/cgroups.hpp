#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// The folder of this process's cgroup and all above it, the innermost first, for one controller ("" is
/// version 2). `root` is where /proc and /sys are looked for.
std::vector<std::filesystem::path> cgroup_folders(const std::filesystem::path& root,
                                                  const std::string& controller);

std::optional<std::string> first_line(const std::filesystem::path& path);

/// A file that holds one number; nothing for "max".
std::optional<std::uint64_t> read_number(const std::filesystem::path& path);

/// The number behind `key` at a line's start: "MemAvailable:  123 kB", "inactive_file 123".
std::optional<std::uint64_t> read_entry(const std::filesystem::path& path, const std::string& key);

}  // namespace feedline
