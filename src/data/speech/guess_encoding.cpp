#include "guess_encoding.hpp"

#include "code_points.hpp"
#include "letter_score.hpp"
#include "text_decoder.hpp"
#include "to_utf8.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace feedline {
namespace {

/// In the order in which equals are offered.
constexpr auto kCandidates = std::to_array<std::string_view>(
    {"windows-1252", "windows-1250", "windows-1251", "windows-1256", "windows-1253", "windows-1254",
     "windows-1255", "windows-1257", "windows-1258", "iso-8859-2",   "iso-8859-5",   "iso-8859-6",
     "iso-8859-7",   "koi8-r",       "koi8-u",       "macintosh",    "shift_jis",    "euc-jp",
     "gb18030",      "big5",         "euc-kr"});
constexpr std::size_t kMostWords = 400;
constexpr std::size_t kLongestWord = 60;
constexpr std::size_t kOffered = 4;
constexpr std::size_t kNamedLines = 3;
/// Of the best one's score: what is below is not offered.
constexpr double kLeastShare = 0.5;
/// Fewer good lines beyond ASCII for each bad one are chance.
constexpr std::size_t kBadPerGood = 20;

bool is_high(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x80;
}

bool in_word(char c) noexcept {
  return is_high(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The first words with bytes beyond ASCII in them.
std::vector<std::string_view> words_of(std::string_view bytes) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < bytes.size() && words.size() < kMostWords;) {
    std::size_t end = at;
    while (end < bytes.size() && in_word(bytes[end])) ++end;
    const std::string_view word = bytes.substr(at, end - at);
    if (std::any_of(word.begin(), word.end(), is_high)) words.push_back(word);
    at = end + 1;
  }
  return words;
}

/// The word that shows most: of those that are not too long, the one with most bytes beyond ASCII.
std::string_view example_of(const std::vector<std::string_view>& words) {
  const auto shows = [](std::string_view word) {
    return word.size() > kLongestWord ? 0 : std::count_if(word.begin(), word.end(), is_high);
  };
  const std::string_view best =
      *std::max_element(words.begin(), words.end(),
                        [&](std::string_view a, std::string_view b) { return shows(a) < shows(b); });
  return best.substr(0, kLongestWord);
}

struct Offer {
  std::string_view name;
  std::string example;
  double score;
};

std::vector<Offer> offers_of(std::string_view bytes) {
  const std::vector<std::string_view> words = words_of(bytes);
  std::vector<Offer> offers;
  for (const std::string_view name : kCandidates) {
    const auto decoder = TextDecoder::of({name});
    if (!decoder || decoder->decode(bytes).bad) continue;
    double score = 0;
    for (const std::string_view word : words) score += letter_score(decoder->decode(word).text);
    const std::string example = decoder->decode(example_of(words)).text;
    const bool known =
        std::any_of(offers.begin(), offers.end(), [&](const Offer& each) { return each.example == example; });
    if (score > 0 && !known) offers.push_back({name, example, score});
  }
  std::stable_sort(offers.begin(), offers.end(),
                   [](const Offer& a, const Offer& b) { return a.score > b.score; });
  return offers;
}

/// Which lines are valid UTF-8 beyond ASCII, and which are not valid.
struct Lines {
  std::size_t good = 0, bad = 0;
  std::vector<std::size_t> first_bad;
};

Lines count_lines(std::string_view bytes) {
  Lines lines;
  std::size_t number = 0;
  for (std::size_t start = 0; start < bytes.size();) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", start), bytes.size());
    const std::string_view line = bytes.substr(start, end - start);
    ++number;
    if (valid_utf8(line) < line.size()) {
      if (++lines.bad <= kNamedLines) lines.first_bad.push_back(number);
    } else if (std::any_of(line.begin(), line.end(), is_high)) {
      ++lines.good;
    }
    start = end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return lines;
}

}  // namespace

std::string offer_encodings(std::string_view bytes) {
  const Lines lines = count_lines(bytes);
  if (lines.good * kBadPerGood > lines.bad) {
    return fmt::format(
        "Other lines are: {} with letters beyond ASCII are UTF-8, {} are not (line {}{}), so two "
        "encodings are mixed and no --text-encoding reads both. Mend those lines.",
        lines.good, lines.bad, fmt::join(lines.first_bad, ", "), lines.bad > kNamedLines ? ", ..." : "");
  }
  const std::vector<Offer> offers = offers_of(bytes);
  if (offers.empty()) return "No encoding that is known makes letters of it. Save it as UTF-8.";
  std::string likely;
  for (std::size_t i = 0; i < std::min(offers.size(), kOffered); ++i) {
    if (offers[i].score < kLeastShare * offers.front().score) break;
    likely += fmt::format("{}\"{}\" in {}", i == 0 ? "" : ", ", offers[i].example, offers[i].name);
  }
  return fmt::format("A word of it would be {}. Say which is right, such as --text-encoding {}.", likely,
                     offers.front().name);
}

std::string_view likely_utf16(std::string_view bytes) noexcept {
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] == '\0') ++(i % 2 == 0 ? even : odd);
  if (odd > 4 * even && odd * 16 > bytes.size()) return "utf-16le";
  if (even > 4 * odd && even * 16 > bytes.size()) return "utf-16be";
  return {};
}

}  // namespace feedline
