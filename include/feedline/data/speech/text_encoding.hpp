#pragma once

#include <span>
#include <string_view>

namespace feedline {

/// How a text file's bytes are letters.
struct TextEncoding {
  static const TextEncoding kUtf8, kWindows1252, kLatin1;

  std::string_view name = "utf-8";  ///< one of text_encoding_names

  bool operator==(const TextEncoding&) const = default;
};

inline constexpr TextEncoding TextEncoding::kUtf8{"utf-8"};
inline constexpr TextEncoding TextEncoding::kWindows1252{"windows-1252"};
inline constexpr TextEncoding TextEncoding::kLatin1{"latin1"};

/// What `--text-encoding` takes.
std::span<const std::string_view> text_encoding_names() noexcept;

/// Of such a name, or an alias of it (cp1256, iso8859-1), in any case; throws UsageError, which lists them,
/// for anything else.
TextEncoding parse_text_encoding(std::string_view name);

}  // namespace feedline
