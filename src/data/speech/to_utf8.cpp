#include "to_utf8.hpp"

#include "guess_encoding.hpp"
#include "text_decoder.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstring>

namespace feedline {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::size_t line_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto count = [&](char end) { return std::count(before.begin(), before.end(), end); };
  return 1 + static_cast<std::size_t>(text.find('\n') == std::string_view::npos ? count('\r') : count('\n'));
}

bool is_utf16(TextEncoding encoding) noexcept {
  return encoding.name.starts_with("utf-16");
}

void refuse_utf16(std::string_view text, std::string_view name) {
  const bool little = text.starts_with("\xFF\xFE"), big = text.starts_with("\xFE\xFF");
  const std::size_t zero = text.find('\0');
  if (!little && !big && zero == std::string_view::npos) return;
  if (little || big) {
    throw DataError(fmt::format(
        "{} starts as a UTF-16 file does; it must be UTF-8. Say --text-encoding utf-16, or convert it: "
        "iconv -f UTF-16 -t UTF-8 {}",
        name, name));
  }
  const std::string_view likely = likely_utf16(text);
  throw DataError(fmt::format(
      "{} has a zero byte in line {}: {}", name, line_of(text, zero),
      likely.empty()
          ? "no text has, so the file is damaged. Take the zero bytes out, or make the file anew."
          : fmt::format("it seems to be UTF-16 without a byte order mark. Say --text-encoding {}, or "
                        "convert it: iconv -f {} -t UTF-8 {}",
                        likely, likely, name)));
}

/// Says where a file that is to be UTF-8 is not, and what it may be instead.
[[noreturn]] void refuse_broken_utf8(std::string_view text, std::size_t at, std::string_view name) {
  throw DataError(fmt::format("{}, line {}: byte 0x{:02X} (number {} of the file) is not UTF-8. {}", name,
                              line_of(text, at), static_cast<unsigned char>(text[at]), at + 1,
                              offer_encodings(text)));
}

std::string decode(std::string_view text, TextEncoding encoding, std::string_view name) {
  const auto decoder = TextDecoder::of(encoding);
  if (!decoder) {
    throw UsageError(
        fmt::format("--text-encoding {}: the iconv of this system does not know it. Convert {} to "
                    "UTF-8 where it does: iconv -f {} -t UTF-8",
                    encoding.name, name, encoding.name));
  }
  Decoded decoded = decoder->decode(text);
  if (decoded.bad) {
    throw DataError(fmt::format(
        "{}, line {}: byte 0x{:02X} (number {} of the file) is nothing in {}. It is another encoding, or the "
        "file is damaged: without --text-encoding the likely ones are named.",
        name, line_of(text, *decoded.bad), static_cast<unsigned char>(text[*decoded.bad]), *decoded.bad + 1,
        encoding.name));
  }
  if (const std::size_t zero = decoded.text.find('\0'); zero != std::string::npos)
    throw DataError(
        fmt::format("{} has a zero character in line {}: {} is not its encoding, or it is damaged.", name,
                    line_of(decoded.text, zero), encoding.name));
  return std::move(decoded.text);
}

}  // namespace

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

std::string to_utf8(std::span<const std::byte> bytes, TextEncoding encoding, std::string_view name) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool marked = text.starts_with(kUtf8Mark);
  if (marked && encoding != TextEncoding::kUtf8) {
    throw DataError(
        fmt::format("{} starts with the byte order mark of UTF-8, so it is not {}. Drop "
                    "--text-encoding.",
                    name, encoding.name));
  }
  if (marked) text.remove_prefix(kUtf8Mark.size());
  if (is_utf16(encoding)) {
    std::string decoded = decode(text, encoding, name);
    if (decoded.starts_with(kUtf8Mark)) decoded.erase(0, kUtf8Mark.size());
    return decoded;
  }
  refuse_utf16(text, name);
  if (encoding != TextEncoding::kUtf8) return decode(text, encoding, name);
  const std::size_t at = valid_utf8(text);
  if (at < text.size()) refuse_broken_utf8(text, at, name);
  return std::string(text);
}

}  // namespace feedline
