#pragma once

#include <span>
#include <string_view>

namespace feedline {

/// The encoding of a text file.
struct TextEncoding {
  static const TextEncoding kUtf8, kWindows1252, kLatin1;

  std::string_view name = "utf-8";  ///< One of text_encoding_names

  bool operator==(const TextEncoding&) const = default;
};

inline constexpr TextEncoding TextEncoding::kUtf8{"utf-8"};
inline constexpr TextEncoding TextEncoding::kWindows1252{"windows-1252"};
inline constexpr TextEncoding TextEncoding::kLatin1{"latin1"};

/// The values that `--text-encoding` takes.
std::span<const std::string_view> text_encoding_names() noexcept;

/// The encoding of that name, or of an alias (cp1256, iso8859-1), in any case of letters. Throws UsageError,
/// which lists them, for any other name.
TextEncoding parse_text_encoding(std::string_view name);

}  // namespace feedline
