#include "code_points.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/data/speech/vocabulary.hpp>

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <unordered_set>

namespace feedline {
namespace {

constexpr std::string_view kPaddingName = "<pad>";
constexpr std::string_view kUnknownName = "<unk>";
constexpr char32_t kReplacement = U'\uFFFD';

bool can_be_seen(char32_t c) noexcept {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  const bool alone = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
  return alone || (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_SO);
}

std::string line_of(char32_t c) {
  if (c == U'\\') return "\\\\";
  if (!can_be_seen(c)) return fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c));
  std::string line;
  append_utf8(line, c);
  return line;
}

[[noreturn]] void refuse(std::size_t line, std::string_view what) {
  throw DataError(
      fmt::format("line {} of the vocabulary {}: it is not what training saved. Take vocabulary.txt from "
                  "the checkpoint, or train anew.",
                  line, what));
}

/// The one character of a line that `line_of` made.
char32_t character_of(std::string_view line, std::size_t number) {
  if (line == "\\\\") return U'\\';
  if (line.starts_with("\\u{") && line.ends_with('}')) {
    std::uint32_t value = 0;
    const char* end = line.data() + line.size() - 1;
    const auto result = std::from_chars(line.data() + 3, end, value, 16);
    if (result.ptr != end || result.ec != std::errc() || !utf8proc_codepoint_valid(static_cast<int>(value)))
      refuse(number, "is no character's number");
    return value;
  }
  char32_t found = 0;
  if (for_each_code_point(line, [&](char32_t c) { found = c; }) != 1) refuse(number, "is not one character");
  return found;
}

/// Takes a line off the start of `text`; each ends in a newline.
std::string_view next_line(std::string_view& text, std::size_t number) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) refuse(number, "has no end");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

Vocabulary Vocabulary::of(std::span<const std::string> texts) {
  std::unordered_set<char32_t> met;
  for (const std::string& text : texts) for_each_code_point(text, [&](char32_t c) { met.insert(c); });
  std::vector<char32_t> characters(met.begin(), met.end());
  std::sort(characters.begin(), characters.end());
  return Vocabulary(std::move(characters));
}

Vocabulary Vocabulary::from_text(std::string_view text) {
  if (next_line(text, 1) != kPaddingName) refuse(1, "is not <pad>");
  if (next_line(text, 2) != kUnknownName) refuse(2, "is not <unk>");
  std::vector<char32_t> characters;
  for (std::size_t number = 3; !text.empty(); ++number) {
    const char32_t c = character_of(next_line(text, number), number);
    if (!characters.empty() && c <= characters.back()) refuse(number, "is out of order");
    characters.push_back(c);
  }
  return Vocabulary(std::move(characters));
}

std::string Vocabulary::to_text() const {
  std::string text = fmt::format("{}\n{}\n", kPaddingName, kUnknownName);
  for (const char32_t c : characters_) text.append(line_of(c)).append(1, '\n');
  return text;
}

std::size_t Vocabulary::length(std::string_view text) noexcept {
  return for_each_code_point(text, [](char32_t) {});
}

Vocabulary::Encoded Vocabulary::encode(std::string_view text, std::span<std::int64_t> out) const {
  Encoded encoded;
  for_each_code_point(text, [&](char32_t c) {
    ensure(encoded.tokens < out.size(), "a text has more tokens than there is room for");
    const std::int64_t id = token(c);
    encoded.unknown += id == kUnknown ? 1 : 0;
    out[encoded.tokens++] = id;
  });
  return encoded;
}

std::string Vocabulary::decode(std::span<const std::int64_t> tokens) const {
  std::string text;
  for (const std::int64_t id : tokens) {
    if (id == kPadding) continue;
    const bool known = id > kUnknown && static_cast<std::size_t>(id) < size();
    append_utf8(text, known ? characters_[static_cast<std::size_t>(id) - kFirst] : kReplacement);
  }
  return text;
}

std::vector<std::string> Vocabulary::symbols() const {
  std::vector<std::string> symbols = {std::string(kPaddingName), std::string(kUnknownName)};
  for (const char32_t c : characters_) append_utf8(symbols.emplace_back(), c);
  return symbols;
}

std::uint64_t Vocabulary::fingerprint() const {
  return hash64(std::as_bytes(std::span(characters_)));
}

std::int64_t Vocabulary::token(char32_t character) const noexcept {
  const auto found = std::lower_bound(characters_.begin(), characters_.end(), character);
  if (found == characters_.end() || *found != character) return kUnknown;
  return static_cast<std::int64_t>(kFirst) + (found - characters_.begin());
}

}  // namespace feedline
