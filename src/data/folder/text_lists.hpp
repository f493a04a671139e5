#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace feedline {

/// Returns the files directly in `folder` that may list the texts of recordings: .txt, .csv, .tsv, .json and
/// .jsonl, except README and licence files; sorted, for messages.
std::vector<std::string> text_lists(const std::filesystem::path& folder);

}  // namespace feedline
