#include "folder_parts.hpp"

#include <feedline/common/text.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

namespace feedline {
namespace {

constexpr std::array<std::string_view, 5> kTrainWords = {"train", "training", "trn", "trainset", "traindata"};
constexpr std::array<std::string_view, 10> kValidationWords = {
    "val",         "valid", "validation", "validate", "dev",
    "development", "eval",  "evaluation", "valset",   "holdout"};
constexpr std::array<std::string_view, 5> kTestWords = {"test", "testing", "tst", "testset", "testdata"};

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool among(std::span<const std::string_view> words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

SetPart part_of(std::string_view name) {
  SetPart part = SetPart::kNone;
  for (auto at = name.begin(); at != name.end();) {
    const auto begin = std::find_if(at, name.end(), is_letter);
    at = std::find_if_not(begin, name.end(), is_letter);
    const std::string word = lower(std::string_view(begin, at));
    if (among(kTrainWords, word)) return SetPart::kTrain;
    if (among(kValidationWords, word)) part = SetPart::kValidation;
    if (part == SetPart::kNone && among(kTestWords, word)) part = SetPart::kTest;
  }
  return part;
}

std::string common_folder(std::string_view top, std::string_view first, std::string_view last) {
  const auto folder = [](std::string_view path) { return path.substr(0, path.rfind('/') + 1); };
  std::string_view a = folder(first), b = folder(last);
  std::size_t same = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i)
    if (a[i] == '/') same = i;
  const bool direct = same + 1 == a.size() || same + 1 == b.size();
  std::string_view common = a.substr(0, same);
  if (direct && common.size() > top.size()) common = common.substr(0, common.rfind('/'));
  return std::string(common.size() < top.size() ? top : common);
}

}  // namespace feedline
