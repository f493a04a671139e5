#include "other_kinds.hpp"

#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace feedline {
namespace {

/// ".jpg" of "cat/1.JPG"; empty for names without one.
std::string ending_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  return lower(name.substr(dot));
}

}  // namespace

void OtherKinds::take(const std::string& ending, const Files& files) {
  Files& known = kinds_.size() < kMostKinds || kinds_.contains(ending) ? kinds_[ending] : kinds_[""];
  known.count += files.count;
  for (const std::string& path : files.first) {
    if (known.first.size() == kNamed && path >= known.first.back()) continue;
    known.first.insert(std::upper_bound(known.first.begin(), known.first.end(), path), path);
    if (known.first.size() > kNamed) known.first.pop_back();
  }
}

void OtherKinds::add(const std::string& path) {
  take(ending_of(path), {1, {path}});
}

void OtherKinds::add(const std::string& path, const std::string& what) {
  take(what, {1, {path}});
}

void OtherKinds::add(const OtherKinds& other) {
  for (const auto& [ending, files] : other.kinds_) take(ending, files);
}

OtherKinds OtherKinds::only(std::span<const std::string_view> endings) const {
  OtherKinds some;
  for (const auto& [ending, files] : kinds_)
    if (std::find(endings.begin(), endings.end(), ending) != endings.end()) some.take(ending, files);
  return some;
}

std::string OtherKinds::text() const {
  std::string text;
  for (const auto& [ending, files] : kinds_) {
    text += fmt::format("{}{} {} (", text.empty() ? "" : ", ", files.count,
                        ending.empty() ? "without an ending" : printable(ending));
    for (std::size_t i = 0; i < files.first.size(); ++i)
      text += (i == 0 ? "" : ", ") + printable(files.first[i]);
    text += files.count > files.first.size() ? ", ...)" : ")";
  }
  return text;
}

}  // namespace feedline
