#pragma once

#include <feedline/common/unique_handle.hpp>
#include <feedline/data/speech/text_encoding.hpp>

#include <iconv.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace feedline {

struct IconvTraits {
  using Type = iconv_t;
  static Type null() noexcept { return reinterpret_cast<iconv_t>(-1); }
  static void close(Type handle) noexcept { iconv_close(handle); }
};

/// The result of decoding: a text in UTF-8.
struct Decoded {
  std::string text;
  std::optional<std::size_t> bad;  ///< First byte that is invalid in the encoding; the text ends there
};

/// Decodes by the system's iconv, except for windows-1252 and latin1, which have tables here in which each
/// byte is valid.
class TextDecoder {
 public:
  /// Returns std::nullopt when this system's iconv does not know the encoding.
  static std::optional<TextDecoder> of(TextEncoding encoding);

  Decoded decode(std::string_view bytes) const;

 private:
  TextDecoder(TextEncoding encoding, iconv_t handle) noexcept : encoding_(encoding), handle_(handle) {}

  Decoded decode_by_iconv(std::string_view bytes) const;

  TextEncoding encoding_;
  UniqueHandle<IconvTraits> handle_;
};

/// Returns the original of a text whose UTF-8 bytes were once read as windows-1252, as in "Ã©" for "é";
/// std::nullopt for a text that cannot be the result of this mistake, as nearly all are.
std::optional<std::string> decoded_once_more(std::string_view text);

}  // namespace feedline
