#include <feedline/common/errors.hpp>
#include <feedline/data/speech/text_encoding.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>

namespace feedline {
namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"utf-8",        "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",
     "windows-1255", "windows-1256", "windows-1257", "windows-1258", "latin1",       "iso-8859-2",
     "iso-8859-3",   "iso-8859-4",   "iso-8859-5",   "iso-8859-6",   "iso-8859-7",   "iso-8859-8",
     "iso-8859-9",   "iso-8859-10",  "iso-8859-11",  "iso-8859-13",  "iso-8859-14",  "iso-8859-15",
     "iso-8859-16",  "koi8-r",       "koi8-u",       "macintosh",    "utf-16",       "utf-16le",
     "utf-16be",     "shift_jis",    "euc-jp",       "gb18030",      "big5",         "euc-kr"});

/// Letters and digits in small letters: what "ISO_8859-5" and "iso8859-5" have in common.
std::string bare(std::string_view name) {
  std::string kept;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') kept += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) kept += c;
  }
  if (kept == "iso88591") return "latin1";
  if (kept.starts_with("cp125")) return "windows" + kept.substr(2);
  return kept;
}

}  // namespace

std::span<const std::string_view> text_encoding_names() noexcept {
  return kNames;
}

TextEncoding parse_text_encoding(std::string_view name) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(),
                   [wanted = bare(name)](std::string_view each) { return bare(each) == wanted; });
  if (found != kNames.end()) return {*found};
  throw UsageError(fmt::format("--text-encoding {}: there are {}.", name, fmt::join(kNames, ", ")));
}

}  // namespace feedline
