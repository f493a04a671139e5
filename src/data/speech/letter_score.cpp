#include "letter_score.hpp"

#include "code_points.hpp"

#include <utf8proc.h>

#include <array>

namespace feedline {
namespace {

struct Script {
  char32_t first, last;
  int number;
};

constexpr auto kScripts = std::to_array<Script>({{0x41, 0x24F, 1},
                                                 {0x370, 0x3FF, 2},
                                                 {0x400, 0x52F, 3},
                                                 {0x590, 0x5FF, 4},
                                                 {0x600, 0x6FF, 5},
                                                 {0xE00, 0xE7F, 6},
                                                 {0x1E00, 0x1EFF, 1},
                                                 {0x3040, 0x30FF, 7},
                                                 {0x4E00, 0x9FFF, 7},
                                                 {0xAC00, 0xD7A3, 8}});

/// Each of its characters is two bytes or more.
constexpr int kFirstWide = 7;

int script_of(char32_t c) noexcept {
  for (const Script& each : kScripts)
    if (c >= each.first && c <= each.last) return each.number;
  return 0;
}

/// Letters that only end words: Greek's small sigma, Hebrew's final letters, Arabic's teh marbuta and alef
/// maksura.
bool ends_words(char32_t c) noexcept {
  return c == 0x3C2 || c == 0x5DA || c == 0x5DD || c == 0x5DF || c == 0x5E3 || c == 0x5E5 || c == 0x629 ||
         c == 0x649;
}

bool is_punctuation(utf8proc_category_t category) noexcept {
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

double points(char32_t c, utf8proc_category_t category) noexcept {
  if (category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CN ||
      category == UTF8PROC_CATEGORY_CO)
    return -2;
  const bool quote_or_dash = c >= 0x2010 && c <= 0x2026;
  if (is_punctuation(category)) return quote_or_dash ? 1 : 0;
  const bool letter = category <= UTF8PROC_CATEGORY_ME && script_of(c) > 0;
  if (letter) return script_of(c) >= kFirstWide ? 1.4 : 1;
  const bool joins = c >= 0x200C && c <= 0x200F;
  return joins ? 0.5 : -1;
}

bool is_letter(utf8proc_category_t category) noexcept {
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

class Scorer {
 public:
  void take(char32_t c) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    const int script = is_letter(category) ? script_of(c) : 0;
    if (script > 0 && script_ > 0 && script != script_) score -= 3;
    if (script > 0) script_ = script;
    if (script == 1 && c >= 0x80 && accented_) score -= 1;
    if (small_ && category == UTF8PROC_CATEGORY_LU) score -= 2;
    if ((ended_ || broken_) && is_letter(category)) score -= 2;
    const bool mark = category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
    if (mark && script_ == 0) score -= 2;
    accented_ = script == 1 && c >= 0x80;
    small_ = category == UTF8PROC_CATEGORY_LL;
    ended_ = ends_words(c);
    broken_ = script_ > 0 && c >= 0x80 && c != U'\u2019' && is_punctuation(category);
    if (c >= 0x80) score += points(c, category);
  }

  double score = 0;

 private:
  int script_ = 0;
  bool small_ = false, ended_ = false;
  bool broken_ = false;    ///< by another mark than an apostrophe
  bool accented_ = false;  ///< Latin letters beyond ASCII seldom follow each other
};

}  // namespace

double letter_score(std::string_view word) {
  Scorer scorer;
  for_each_code_point(word, [&](char32_t c) { scorer.take(c); });
  return scorer.score;
}

}  // namespace feedline
