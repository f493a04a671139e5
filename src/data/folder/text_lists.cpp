#include "text_lists.hpp"

#include <feedline/common/text.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace feedline {
namespace {

constexpr std::array<std::string_view, 5> kEndings = {".txt", ".csv", ".tsv", ".json", ".jsonl"};
constexpr std::array<std::string_view, 5> kOther = {"readme", "license", "licence", "copying", "changes"};

bool may_list_texts(const std::string& name) {
  const std::string low = lower(name);
  return std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) { return low.ends_with(ending); }) &&
         std::none_of(kOther.begin(), kOther.end(), [&](auto begin) { return low.starts_with(begin); });
}

}  // namespace

std::vector<std::string> text_lists(const std::filesystem::path& folder) {
  std::vector<std::string> lists;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (may_list_texts(name) && entry.is_regular_file(ignored)) lists.push_back(printable(name));
  }
  std::sort(lists.begin(), lists.end());
  return lists;
}

}  // namespace feedline
