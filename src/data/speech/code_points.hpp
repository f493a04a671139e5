#pragma once

#include <utf8proc.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// Calls `take(char32_t)` for each character of UTF-8 text, with U+FFFD for a byte that is not UTF-8. Returns
/// the number of characters.
template <typename Take>
std::size_t for_each_code_point(std::string_view text, Take take) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto* end = at + text.size();
  std::size_t count = 0;
  while (at < end) {
    utf8proc_int32_t c = *at;
    const utf8proc_ssize_t length = c < 0x80 ? 1 : utf8proc_iterate(at, end - at, &c);
    take(length > 0 ? static_cast<char32_t>(c) : U'\uFFFD');
    at += length > 0 ? length : 1;
    ++count;
  }
  return count;
}

inline void append_utf8(std::string& out, char32_t c) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

inline std::string utf8_of(std::span<const char32_t> text) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

}  // namespace feedline
