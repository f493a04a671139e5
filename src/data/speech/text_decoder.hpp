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

/// Bytes as UTF-8.
struct Decoded {
  std::string text;
  std::optional<std::size_t> bad;  ///< the first byte that is nothing in that encoding; the text ends there
};

/// Decodes by the system's iconv; windows-1252 and latin1 by own tables, in which each byte is something.
class TextDecoder {
 public:
  /// Nothing when this system's iconv does not know the encoding.
  static std::optional<TextDecoder> of(TextEncoding encoding);

  Decoded decode(std::string_view bytes) const;

 private:
  TextDecoder(TextEncoding encoding, iconv_t handle) noexcept : encoding_(encoding), handle_(handle) {}

  Decoded decode_by_iconv(std::string_view bytes) const;

  TextEncoding encoding_;
  UniqueHandle<IconvTraits> handle_;
};

/// The text from which `text` was made when its UTF-8 bytes were once taken for windows-1252: "Ã©" for "é".
/// Nothing for a text that cannot have been made so, as nearly all cannot.
std::optional<std::string> decoded_once_more(std::string_view text);

}  // namespace feedline
