#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace feedline {

/// Files directly in `folder` that may list what recordings say: .txt, .csv, .tsv, .json and .jsonl, except
/// README and licence files; sorted, for messages.
std::vector<std::string> text_lists(const std::filesystem::path& folder);

}  // namespace feedline
