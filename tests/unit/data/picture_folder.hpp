#pragma once

#include "temp_folder.hpp"

#include <feedline/data/class_folder.hpp>

#include <fcntl.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace feedline::testing {

/// Dates a folder an hour back: what was changed a moment ago is not remembered.
inline void age(const std::filesystem::path& folder) {
  const timespec times[] = {{std::time(nullptr) - 3600, 0}, {std::time(nullptr) - 3600, 0}};
  if (utimensat(AT_FDCWD, folder.c_str(), times, 0) != 0)
    throw std::runtime_error("cannot date " + folder.string());
}

inline void age_all(const std::filesystem::path& root) {
  age(root);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (entry.is_directory()) age(entry.path());
}

/// Empty files, with the folders above them.
inline void touch(const TempFolder& folder, std::initializer_list<const char*> names) {
  for (const char* name : names) folder.write(name, "");
}

inline std::vector<std::string> paths_of(const ClassFolder& folder) {
  std::vector<std::string> paths;
  for (std::uint64_t id = 0; id < folder.size(); ++id) paths.emplace_back(folder.relative_path(id));
  return paths;
}

inline std::vector<std::uint32_t> labels_of(const ClassFolder& folder) {
  std::vector<std::uint32_t> labels;
  for (std::uint64_t id = 0; id < folder.size(); ++id) labels.push_back(folder.label(id));
  return labels;
}

inline ClassFolder scan(const std::filesystem::path& root) {
  return ClassFolder::open(root, "", picture_files());
}

/// Runs `act`, and the threads that it starts, without root's right to read and write everything.
template <class Act>
auto without_roots_rights(Act act) {
  constexpr uid_t kNobody = 65534;
  struct Rights {
    uid_t user = static_cast<uid_t>(setfsuid(kNobody));
    ~Rights() { setfsuid(user); }
  } taken;
  return act();
}

}  // namespace feedline::testing
