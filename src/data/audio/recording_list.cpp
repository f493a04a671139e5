#include "recording_list.hpp"

#include <feedline/common/errors.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace feedline {

RecordingList::RecordingList(std::filesystem::path root, std::vector<std::string> paths)
    : root_(std::move(root)),
      root_fd_(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      paths_(std::move(paths)) {
  if (!root_fd_) {
    throw DataError(fmt::format("The folder {} cannot be opened: {}. Check the path and its permissions.",
                                root_.string(), std::generic_category().message(errno)));
  }
}

RecordingList RecordingList::of(const ClassFolder& folder) {
  std::vector<std::string> paths;
  paths.reserve(folder.size());
  for (std::uint64_t id = 0; id < folder.size(); ++id) paths.emplace_back(folder.relative_path(id));
  return {folder.root(), std::move(paths)};
}

}  // namespace feedline
