#include "text_encoding.hpp"

#include "code_points.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace feedline {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

/// Windows-1252's 0x80 to 0x9F; all else is Latin-1. The five bytes it leaves open are control characters, as
/// in https://encoding.spec.whatwg.org/index-windows-1252.txt.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

std::size_t line_of(std::string_view text, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

void refuse_utf16(std::string_view text, std::string_view name) {
  const bool marked = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  const std::size_t zero = text.find('\0');
  if (!marked && zero == std::string_view::npos) return;
  const std::string found = marked ? "starts as a UTF-16 file does"
                                   : fmt::format("has a zero byte in line {}", line_of(text, zero));
  throw DataError(
      fmt::format("{} {}; it must be UTF-8. Convert it: iconv -f UTF-16 -t UTF-8 {}", name, found, name));
}

/// How many bytes from the start are valid UTF-8.
std::size_t valid_utf8(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = kHighBits;
    if (at + sizeof eight <= text.size()) std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & kHighBits) == 0) {
      at += sizeof eight;
      continue;
    }
    utf8proc_int32_t code_point = 0;
    const auto* rest = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
    const auto length = utf8proc_iterate(rest, static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
    if (length <= 0) return at;
    at += static_cast<std::size_t>(length);
  }
  return at;
}

void check_utf8(std::string_view text, std::string_view name) {
  const std::size_t at = valid_utf8(text);
  if (at == text.size()) return;
  throw DataError(fmt::format(
      "{}, line {}: byte 0x{:02X} (number {} of the file) is not UTF-8. If the text was saved by an older "
      "Windows program, say --text-encoding windows-1252; latin1 is the other that is read.",
      name, line_of(text, at), static_cast<unsigned char>(text[at]), at + 1));
}

std::string from_single_bytes(std::string_view text, TextEncoding encoding) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool special = encoding == TextEncoding::kWindows1252 && byte >= 0x80 && byte < 0xA0;
    append_utf8(out, special ? kWindows1252[byte - 0x80U] : char32_t{byte});
  }
  return out;
}

}  // namespace

TextEncoding parse_text_encoding(std::string_view name) {
  if (name == "utf-8") return TextEncoding::kUtf8;
  if (name == "windows-1252") return TextEncoding::kWindows1252;
  if (name == "latin1") return TextEncoding::kLatin1;
  throw UsageError(fmt::format("--text-encoding {}: there are utf-8, windows-1252 and latin1.", name));
}

std::string to_utf8(std::span<const std::byte> bytes, TextEncoding encoding, std::string_view name) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  refuse_utf16(text, name);
  if (encoding != TextEncoding::kUtf8) return from_single_bytes(text, encoding);
  check_utf8(text, name);
  return std::string(text);
}

}  // namespace feedline
