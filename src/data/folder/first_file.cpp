#include "first_file.hpp"

#include "folder_reader.hpp"

#include <feedline/common/posix.hpp>

#include <fcntl.h>

#include <algorithm>
#include <set>
#include <vector>

namespace feedline {
namespace {

class Search {
 public:
  Search(int root_fd, const std::function<bool(std::string_view)>& wanted)
      : root_fd_(root_fd), wanted_(wanted) {}

  std::optional<std::string> look_in(const std::string& path) {
    auto reader = FolderReader::open(root_fd_, path.empty() ? "." : path.c_str());
    if (!reader || !met_.insert(reader->id()).second) return std::nullopt;
    const std::string prefix = path.empty() ? "" : path + '/';
    std::optional<std::string> first;
    std::vector<std::string> folders;
    while (const dirent* entry = reader->next()) {
      const std::string_view name = entry->d_name;
      if (name.starts_with('.')) continue;
      const EntryKind kind = reader->kind(*entry);
      if (kind == EntryKind::kFolder) folders.push_back(prefix + entry->d_name);
      if (kind == EntryKind::kFile && wanted_(name) && (!first || prefix + entry->d_name < *first))
        first = prefix + entry->d_name;
    }
    reader.reset();
    std::sort(folders.begin(), folders.end());
    for (auto folder = folders.begin(); !first && folder != folders.end(); ++folder) first = look_in(*folder);
    return first;
  }

 private:
  int root_fd_;
  const std::function<bool(std::string_view)>& wanted_;
  std::set<FolderId> met_;
};

}  // namespace

std::optional<std::string> find_first_file(const std::filesystem::path& folder,
                                           const std::function<bool(std::string_view name)>& wanted) {
  const UniqueFd root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return root ? Search(root.get(), wanted).look_in("") : std::nullopt;
}

}  // namespace feedline
