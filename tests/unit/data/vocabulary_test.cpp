#include "speech/text_cleaner.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/speech/vocabulary.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace feedline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Vocabulary vocabulary_of(std::vector<std::string> texts) {
  return Vocabulary::of(texts);
}

std::vector<std::int64_t> tokens_of(const Vocabulary& vocabulary, const std::string& text) {
  std::vector<std::int64_t> tokens(Vocabulary::length(text));
  EXPECT_EQ(vocabulary.encode(text, tokens).tokens, tokens.size());
  return tokens;
}

TEST(Vocabulary, NumbersCharactersByCodePoint) {
  const Vocabulary vocabulary = vocabulary_of({"ba", "éa", "آ"});
  EXPECT_THAT(vocabulary.symbols(), ElementsAre("<pad>", "<unk>", "a", "b", "é", "آ"));
  EXPECT_EQ(vocabulary.size(), 6u);
  EXPECT_THAT(tokens_of(vocabulary, "aآb"), ElementsAre(2, 5, 3));
}

TEST(Vocabulary, CountsUnknownCharacters) {
  const Vocabulary vocabulary = vocabulary_of({"ab"});
  std::vector<std::int64_t> tokens(4, 77);
  const auto encoded = vocabulary.encode("aéb", tokens);
  EXPECT_EQ(encoded.tokens, 3u);
  EXPECT_EQ(encoded.unknown, 1u);
  EXPECT_THAT(tokens, ElementsAre(2, Vocabulary::kUnknown, 3, 77));
  EXPECT_EQ(vocabulary.decode(tokens), "a\uFFFDb\uFFFD");
}

TEST(Vocabulary, NeverCutsAText) {
  std::vector<std::int64_t> tokens(2);
  EXPECT_THROW(vocabulary_of({"abc"}).encode("abc", tokens), InternalError);
}

TEST(Vocabulary, LengthCountsCodePoints) {
  EXPECT_EQ(Vocabulary::length(""), 0u);
  EXPECT_EQ(Vocabulary::length("aé😀"), 3u);
  EXPECT_EQ(Vocabulary::length("a\xFF"), 2u);
}

TEST(Vocabulary, KeepsPersianWhole) {
  const std::string text = clean_text("آن کتاب را می\u200Cخوانم، یک بار دیگر.", "fa");
  const Vocabulary vocabulary = vocabulary_of({text});
  std::vector<std::int64_t> tokens(Vocabulary::length(text));
  EXPECT_EQ(vocabulary.encode(text, tokens).unknown, 0u);
  EXPECT_EQ(vocabulary.decode(tokens), text);
  EXPECT_EQ(tokens_of(Vocabulary::from_text(vocabulary.to_text()), text), tokens);
}

TEST(Vocabulary, PaddingDecodesToNothing) {
  EXPECT_EQ(vocabulary_of({"a"}).decode(std::vector<std::int64_t>{2, 0, 0, -5, 99}), "a\uFFFD\uFFFD");
}

TEST(Vocabulary, TextIsASymbolALine) {
  EXPECT_EQ(vocabulary_of({"a\\ \u200C\u0301\n"}).to_text(),
            "<pad>\n<unk>\n\\u{a}\n\\u{20}\n\\\\\na\n\\u{301}\n\\u{200c}\n");
}

TEST(Vocabulary, ComesBackFromItsText) {
  const Vocabulary vocabulary = vocabulary_of({"Grüße, آب 😀\n\t\\u{41} <pad>|\"\u200C"});
  EXPECT_EQ(Vocabulary::from_text(vocabulary.to_text()), vocabulary);
  EXPECT_EQ(Vocabulary::from_text(vocabulary_of({}).to_text()), vocabulary_of({}));
}

TEST(Vocabulary, RefusesOtherText) {
  const auto refused = [](std::string_view text, const char* what) {
    try {
      Vocabulary::from_text(text);
      ADD_FAILURE() << "took " << text;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr(what));
    }
  };
  refused("", "line 1 ");
  refused("<pad>\n", "line 2 ");
  refused("<pad>\n<unk>\nab\n", "line 3 ");
  refused("<pad>\n<unk>\n\n", "line 3 ");
  refused("<pad>\n<unk>\nb\na\n", "line 4 ");
  refused("<pad>\n<unk>\na\na\n", "line 4 ");
  refused("<pad>\n<unk>\na", "line 3 ");
  refused("<pad>\n<unk>\n\\u{}\n", "line 3 ");
  refused("<pad>\n<unk>\n\\u{110000}\n", "line 3 ");
  refused("<pad>\n<unk>\n\\u{ffffffff}\n", "line 3 ");
}

TEST(Vocabulary, FingerprintIsOfTheSymbols) {
  EXPECT_EQ(vocabulary_of({"ab"}).fingerprint(), vocabulary_of({"b", "a"}).fingerprint());
  EXPECT_NE(vocabulary_of({"ab"}).fingerprint(), vocabulary_of({"ac"}).fingerprint());
  EXPECT_NE(vocabulary_of({"ab"}), vocabulary_of({"abc"}));
}

}  // namespace
}  // namespace feedline
