#include "shared_folders.hpp"

#include "folder_reader.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>
#include <feedline/data/first_names.hpp>

#include <fmt/format.h>
#include <sys/stat.h>

#include <map>
#include <optional>
#include <string>

namespace feedline {
namespace {

std::optional<FolderId> id_of(const ClassFolder& folder, const std::string& name) {
  struct stat facts {};
  if (fstatat(folder.root_fd(), name.c_str(), &facts, 0) != 0) return std::nullopt;
  return FolderId{facts.st_dev, facts.st_ino};
}

using Folders = std::map<FolderId, std::string>;

/// The first name of each folder; calls `take(name, first name)` for the others.
template <typename Take>
Folders first_names(const ClassFolder& folder, Take take) {
  Folders seen;
  for (const std::string& name : folder.classes()) {
    const auto id = id_of(folder, name);
    if (!id) continue;
    const auto [known, is_new] = seen.emplace(*id, name);
    if (!is_new) take(name, known->second);
  }
  return seen;
}

}  // namespace

std::size_t count_class_folders(const ClassFolder& folder) {
  std::size_t doubles = 0;
  first_names(folder, [&](const std::string&, const std::string&) { ++doubles; });
  return folder.classes().size() - doubles;
}

void warn_of_shared_classes(const ClassFolder& folder) {
  FirstNames shared;
  first_names(folder, [&](const std::string& name, const std::string& first) {
    shared.add(fmt::format("{} is {}", printable(name), printable(first)));
  });
  if (shared.count() == 0) return;
  log_warning(
      fmt::format("{}: classes are one folder, by links ({}), so that its files have more than one label. "
                  "Take the link away, or leave it if that is meant.",
                  printable(folder.root().string()), shared.text()));
}

void warn_of_trained_on(const std::filesystem::path& val) {
  log_warning(fmt::format(
      "The validation data {} is what is trained on: validation will look better than it is. Give "
      "other --val-data, or none, and let --val-fraction hold a part out.",
      printable(val.string())));
}

void warn_of_trained_on(const ClassFolder& train, const ClassFolder& val) {
  const auto root = id_of(val, ".");
  if (root && root == id_of(train, ".")) return warn_of_trained_on(val.root());
  const Folders trained = first_names(train, [](const std::string&, const std::string&) {});
  FirstNames shared;
  for (const std::string& name : val.classes()) {
    const auto id = id_of(val, name);
    if (id && trained.contains(*id)) shared.add(printable(name));
  }
  if (shared.count() == 0) return;
  if (shared.count() == val.classes().size()) return warn_of_trained_on(val.root());
  log_warning(fmt::format(
      "{} of {} classes of --val-data {} are folders that are trained on ({}): validation will look "
      "better than it is. Give other files.",
      shared.count(), val.classes().size(), printable(val.root().string()), shared.text()));
}

}  // namespace feedline
