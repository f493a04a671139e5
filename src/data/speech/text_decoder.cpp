#include "text_decoder.hpp"

#include "code_points.hpp"
#include "to_utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace feedline {
namespace {

/// Windows-1252's 0x80 to 0x9F; all else is Latin-1. The five bytes it leaves open are control characters, as
/// in https://encoding.spec.whatwg.org/index-windows-1252.txt.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool is_own(TextEncoding encoding) noexcept {
  return encoding == TextEncoding::kWindows1252 || encoding == TextEncoding::kLatin1;
}

std::string from_single_bytes(std::string_view bytes, TextEncoding encoding) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool special = encoding == TextEncoding::kWindows1252 && byte >= 0x80 && byte < 0xA0;
    append_utf8(out, special ? kWindows1252[byte - 0x80U] : char32_t{byte});
  }
  return out;
}

/// The byte that windows-1252 has for a character.
std::optional<char> byte_of(char32_t c) {
  const auto* special = std::find(kWindows1252.begin(), kWindows1252.end(), c);
  if (special != kWindows1252.end()) return static_cast<char>(0x80 + (special - kWindows1252.begin()));
  if (c < 0x80 || (c >= 0xA0 && c <= 0xFF)) return static_cast<char>(c);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> decoded_once_more(std::string_view text) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
  if (plain) return std::nullopt;
  std::string bytes;
  bool possible = true;
  for_each_code_point(text, [&](char32_t c) {
    const auto byte = byte_of(c);
    possible = possible && byte;
    if (possible) bytes += *byte;
  });
  if (!possible || valid_utf8(bytes) < bytes.size()) return std::nullopt;
  return bytes;
}

std::optional<TextDecoder> TextDecoder::of(TextEncoding encoding) {
  if (is_own(encoding)) return TextDecoder(encoding, IconvTraits::null());
  const iconv_t handle = iconv_open("UTF-8", std::string(encoding.name).c_str());
  if (handle == IconvTraits::null()) return std::nullopt;
  return TextDecoder(encoding, handle);
}

Decoded TextDecoder::decode(std::string_view bytes) const {
  if (is_own(encoding_)) return {from_single_bytes(bytes, encoding_), std::nullopt};
  return decode_by_iconv(bytes);
}

Decoded TextDecoder::decode_by_iconv(std::string_view bytes) const {
  iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
  char* in = const_cast<char*>(bytes.data());  // iconv does not write to it
  std::size_t left = bytes.size();
  std::array<char, 16 * 1024> room;
  Decoded decoded;
  while (left > 0) {
    char* out = room.data();
    std::size_t free = room.size();
    const bool whole = iconv(handle_.get(), &in, &left, &out, &free) != static_cast<std::size_t>(-1);
    const bool goes_on = whole || errno == E2BIG;
    decoded.text.append(room.data(), out);
    if (goes_on) continue;
    decoded.bad = bytes.size() - left;
    return decoded;
  }
  char* out = room.data();
  std::size_t free = room.size();
  iconv(handle_.get(), nullptr, nullptr, &out, &free);
  decoded.text.append(room.data(), out);
  return decoded;
}

}  // namespace feedline
