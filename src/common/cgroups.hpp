#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Returns the folders of this process's cgroup and of all cgroups above it, the innermost first, for one
/// controller ("" is version 2). `root` is the folder that holds /proc and /sys.
std::vector<std::filesystem::path> cgroup_folders(const std::filesystem::path& root,
                                                  const std::string& controller);

std::optional<std::string> first_line(const std::filesystem::path& path);

/// Reads a file that holds one number. Returns std::nullopt for "max" and for an unreadable file.
std::optional<std::uint64_t> read_number(const std::filesystem::path& path);

/// Returns the number that follows `key` at a line's start: "MemAvailable:  123 kB", "inactive_file 123".
std::optional<std::uint64_t> read_entry(const std::filesystem::path& path, const std::string& key);

}  // namespace feedline
