#include "metadata_warnings.hpp"

#include <fmt/format.h>

#include <string_view>

namespace feedline {
namespace {

void warn_left_out(Metadata& metadata, const LineCount& lines, std::string_view what, std::string_view name) {
  if (lines.count == 0) return;
  metadata.warnings.push_back(fmt::format("{}: left out {} {} {} ({}).", name, lines.count,
                                          lines.count == 1 ? "line" : "lines", what, lines.text()));
}

}  // namespace

std::string LineCount::text() const {
  std::string text;
  for (std::size_t i = 0; i < kNamed && i < count; ++i) {
    text += fmt::format("{}line {}", i == 0 ? "" : ", ", first[i]);
    if (!names[i].empty()) text += ": " + names[i];
  }
  return count > kNamed ? text + ", ..." : text;
}

std::uint64_t Metadata::left_out() const noexcept {
  return empty_texts.count + empty_ids.count + duplicate_ids.count + long_lines.count + torn_lines.count +
         wide_lines.count;
}

void warn_of_left_out(Metadata& metadata, std::string_view name) {
  warn_left_out(metadata, metadata.empty_texts, "without a text", name);
  warn_left_out(metadata, metadata.empty_ids, "without an id", name);
  warn_left_out(metadata, metadata.duplicate_ids, "with the id of an earlier line", name);
  warn_left_out(metadata, metadata.long_lines, "longer than 64 KiB", name);
  warn_left_out(metadata, metadata.torn_lines, "with a text in quotes that goes on in the next line", name);
  warn_left_out(metadata, metadata.wide_lines,
                "with more columns than the others, so that it is not clear where the text ends", name);
}

}  // namespace feedline
