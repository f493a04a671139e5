#pragma once

#include <feedline/data/file_kind.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace feedline {

/// Returns the first file below `folder` whose name `wanted` accepts, as a path below it. Folders are
/// searched in the order of their names, files before folders, so that the result does not depend on how the
/// file system lists them. Names that begin with a dot and folders that cannot be read are skipped.
std::optional<std::string> find_first_file(const std::filesystem::path& folder,
                                           const std::function<bool(std::string_view name)>& wanted);

}  // namespace feedline
