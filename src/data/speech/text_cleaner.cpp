#include "text_cleaner.hpp"

#include "code_points.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <vector>

namespace feedline {
namespace {

using CodePoints = std::vector<char32_t>;

/// Below it nothing combines with anything.
constexpr char32_t kFirstCombining = 0x300;

bool is_space(char32_t c) noexcept {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  if (c == 0x85) return true;
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

/// Control characters, and what has no sound and no shape: soft hyphen, zero-width space, marks of direction.
bool is_dropped(char32_t c) noexcept {
  const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  return c < 0x20 || in(0x7F, 0x9F) || c == 0xAD || c == 0x61C || c == 0x200B || in(0x200E, 0x200F) ||
         in(0x202A, 0x202E) || in(0x2060, 0x206F) || c == 0xFEFF;
}

CodePoints without_controls(std::string_view text) {
  CodePoints out;
  out.reserve(text.size());
  bool space = false;
  for_each_code_point(text, [&](char32_t c) {
    if (is_space(c)) {
      space = !out.empty();
    } else if (!is_dropped(c)) {
      if (space) out.push_back(' ');
      space = false;
      out.push_back(c);
    }
  });
  return out;
}

void compose(CodePoints& text) {
  if (std::all_of(text.begin(), text.end(), [](char32_t c) { return c < kFirstCombining; })) return;
  const std::string utf8 = utf8_of(text);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
  const auto size = static_cast<utf8proc_ssize_t>(utf8.size());
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  std::vector<utf8proc_int32_t> decomposed(4 * text.size());
  auto length = utf8proc_decompose(bytes, size, decomposed.data(), std::ssize(decomposed), options);
  if (length > std::ssize(decomposed)) {
    decomposed.resize(static_cast<std::size_t>(length));
    length = utf8proc_decompose(bytes, size, decomposed.data(), length, options);
  }
  if (length < 0) return;
  length = utf8proc_normalize_utf32(decomposed.data(), length, options);
  text.assign(decomposed.begin(), decomposed.begin() + length);
}

/// After composing: yeh with hamza above, U+0626, is a letter of its own.
void make_persian(CodePoints& text) noexcept {
  std::replace(text.begin(), text.end(), U'\u064A', U'\u06CC');
  std::replace(text.begin(), text.end(), U'\u0643', U'\u06A9');
}

}  // namespace

std::string clean_text(std::string_view text, std::string_view language) {
  CodePoints points = without_controls(text);
  compose(points);
  if (language == "fa") make_persian(points);
  return utf8_of(points);
}

std::optional<char32_t> first_dropped(std::string_view text) {
  std::optional<char32_t> first;
  for_each_code_point(text, [&](char32_t c) {
    if (!first && is_dropped(c) && !is_space(c)) first = c;
  });
  return first;
}

}  // namespace feedline
