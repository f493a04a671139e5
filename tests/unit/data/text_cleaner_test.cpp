#include "speech/text_cleaner.hpp"

#include <gtest/gtest.h>

#include <string>

namespace feedline {
namespace {

TEST(TextCleaner, MakesAnyWhiteSpaceOneSpace) {
  EXPECT_EQ(clean_text("  a \t\n b\u00A0\u2003c\u3000\u2028 "), "a b c");
  EXPECT_EQ(clean_text(" \u00A0\t"), "");
}

TEST(TextCleaner, KeepsCaseAccentsQuotesAndDigits) {
  const std::string text = "«Ça» va, “Éloïse”? 3 × 4 ñ Straße";
  EXPECT_EQ(clean_text(text), text);
}

TEST(TextCleaner, ComposesLetters) {
  EXPECT_EQ(clean_text("e\u0301"), "\u00E9");
  EXPECT_EQ(clean_text("\u0627\u0653"), "\u0622");
  EXPECT_EQ(clean_text("\u212B"), "\u00C5");
  EXPECT_EQ(clean_text("e\u0001\u0301"), "\u00E9") << "a dropped character stands in nobody's way";
}

TEST(TextCleaner, OrdersMarksEvenWhenNothingComposes) {
  EXPECT_EQ(clean_text("q\u0307\u0323"), "q\u0323\u0307");
}

TEST(TextCleaner, DropsControlCharactersAndMarksOfDirection) {
  EXPECT_EQ(clean_text("a\u0007b\u200F\u061Cc\u202Ad\uFEFFe\u00ADf\u200Bg\u0085h"), "abcdefg h");
}

TEST(TextCleaner, KeepsPersianWhole) {
  const std::string text = "آقای کیانی می\u200Cخواهد ژاله را ببیند؛ پس چه؟ ۱۲۳";
  EXPECT_EQ(clean_text(text), text);
  EXPECT_EQ(clean_text(text, "fa"), text);
}

TEST(TextCleaner, MakesArabicYehAndKafPersianOnlyForPersian) {
  EXPECT_EQ(clean_text("\u0643\u064A"), "\u0643\u064A");
  EXPECT_EQ(clean_text("\u0643\u064A", "ar"), "\u0643\u064A");
  EXPECT_EQ(clean_text("\u0643\u064A", "fa"), "\u06A9\u06CC");
}

TEST(TextCleaner, YehWithHamzaStaysALetterInPersian) {
  EXPECT_EQ(clean_text("\u0626", "fa"), "\u0626");
  EXPECT_EQ(clean_text("\u064A\u0654", "fa"), "\u0626");
}

TEST(TextCleaner, BrokenUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(clean_text("a\xFF\xC3"), "a\uFFFD\uFFFD");
}

TEST(TextCleaner, TakesTextThatGrowsWhenTakenApart) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\u1F82";  // four code points each
  EXPECT_EQ(clean_text(text), text);
}

}  // namespace
}  // namespace feedline
