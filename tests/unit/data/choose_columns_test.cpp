#include "speech/metadata.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::array<std::string_view, 6> kWords = {"the", "quick", "brown", "fox", "jumps", "over"};

std::string sentence(std::size_t i) {
  return fmt::format("{} {} {} {} times", kWords[i % 6], kWords[(i + 1) % 6], kWords[(i / 6 + 2) % 6],
                     10 + i);
}

/// The same as a normaliser leaves it.
std::string spoken(std::size_t i) {
  return fmt::format("{} {} {} ten and {} times", kWords[i % 6], kWords[(i + 1) % 6], kWords[(i / 6 + 2) % 6],
                     kWords[i % 5]);
}

using Line = std::function<std::string(std::size_t)>;

std::string file_of(std::size_t lines, const Line& line) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += line(i) + "\n";
  return text;
}

Metadata parse(std::string_view text, const std::string& columns = {}) {
  MetadataOptions options;
  options.columns = columns;
  return parse_metadata(std::as_bytes(std::span(text)), options, "metadata.csv");
}

/// What is wrong with the texts that are read; empty: nothing.
std::string wrong(const Metadata& metadata, const Line& expected) {
  for (std::size_t i = 0; i < metadata.rows.size(); ++i)
    if (metadata.rows[i].text != expected(i)) return fmt::format("{}: {}", i, metadata.rows[i].text);
  return {};
}

std::string refusal(std::string_view text) {
  try {
    parse(text);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(ChooseColumns, WhatIsNoTextIsNotRead) {
  const std::vector<std::pair<Line, const char*>> others = {
      {[](std::size_t) { return "0"; }, "holds numbers"},
      {[](std::size_t i) { return fmt::format("{}.{:02}", 1 + i % 4, 7 * i % 100); }, "holds numbers"},
      {[](std::size_t i) { return fmt::format("00:0{}:12.5", i % 7); }, "holds numbers"},
      {[](std::size_t) { return "allison"; }, "holds the same value in every line"},
      {[](std::size_t i) { return i % 3 == 0 ? "anna" : "ben"; }, "holds few names that recur"},
      {[](std::size_t i) { return i % 5 == 0 ? "Anna Maria Smith" : "Ben"; }, "holds few names that recur"},
      {[](std::size_t i) { return fmt::format("p{}", 200 + i); }, "holds single words with digits"},
      {[](std::size_t i) { return fmt::format("{:016x}", 0x1234567890ABCDEFULL * (i + 1)); },
       "holds single words with digits"}};
  for (const auto& [other, why] : others) {
    const Metadata last =
        parse(file_of(12, [&](std::size_t i) { return fmt::format("a{}|{}|{}", i, sentence(i), other(i)); }));
    EXPECT_EQ(last.rows.size(), 12u);
    EXPECT_EQ(wrong(last, sentence), "") << why;
    EXPECT_EQ(last.reading, fmt::format("column 2: column 3 {}", why));
    const Metadata between =
        parse(file_of(12, [&](std::size_t i) { return fmt::format("a{}|{}|{}", i, other(i), sentence(i)); }));
    EXPECT_EQ(wrong(between, sentence), "") << why;
    EXPECT_EQ(between.reading, fmt::format("column 3: column 2 {}", why));
    const Metadata after = parse(file_of(
        12, [&](std::size_t i) { return fmt::format("a{}|{}|{}|{}", i, sentence(i), spoken(i), other(i)); }));
    EXPECT_EQ(wrong(after, spoken), "") << why;
  }
}

// It would be the speaker's name that is trained.
TEST(ChooseColumns, AnEmptyTextIsNotReadFromAnotherColumn) {
  const Metadata metadata = parse(
      file_of(12, [](std::size_t i) { return fmt::format("a{}|anna|{}", i, i == 3 ? "" : sentence(i)); }));
  EXPECT_EQ(metadata.rows.size(), 11u);
  EXPECT_EQ(metadata.empty_texts.count, 1u);
  for (const MetadataRow& row : metadata.rows) EXPECT_NE(row.text, "anna");
}

TEST(ChooseColumns, TheNormalisedTextIsTheLastThatIsNotEmptyEverywhere) {
  const Metadata metadata =
      parse(file_of(12, [](std::size_t i) { return fmt::format("a{}|{}|{}|", i, sentence(i), spoken(i)); }));
  EXPECT_EQ(wrong(metadata, spoken), "");
  EXPECT_EQ(metadata.reading, "column 3, or 2 where that is empty");
  EXPECT_THAT(metadata.warnings, IsEmpty());
}

TEST(ChooseColumns, SpeakerAndLanguageBeforeTheText) {
  const Metadata metadata = parse(file_of(12, [](std::size_t i) {
    return fmt::format("a{}.wav|{}|en-us|{}", i, i % 2 == 0 ? "anna" : "ben", sentence(i));
  }));
  EXPECT_EQ(wrong(metadata, sentence), "");
}

TEST(ChooseColumns, OneColumnThatIsNoTextIsRefused) {
  EXPECT_THAT(refusal(file_of(12, [](std::size_t i) { return fmt::format("a{}|allison", i); })),
              AllOf(HasSubstr("column 2 holds the same value in every line"),
                    HasSubstr("--columns id,text for \"allison\"")));
  EXPECT_THAT(refusal(file_of(12, [](std::size_t i) { return fmt::format("a{}|{}", i, i); })),
              AllOf(HasSubstr("holds numbers"), HasSubstr("--columns id,text for \"0\"")));
  const Metadata said =
      parse(file_of(12, [](std::size_t i) { return fmt::format("a{}|{}", i, 12); }), "id,text");
  EXPECT_EQ(wrong(said, [](std::size_t) { return "12"; }), "");
  EXPECT_EQ(said.reading, "as --columns says");
}

TEST(ChooseColumns, SomeTextsMayBeNumbers) {
  const auto text = [](std::size_t i) { return i % 4 == 0 ? "12" : sentence(i); };
  EXPECT_EQ(wrong(parse(file_of(12, [&](std::size_t i) { return fmt::format("a{}|{}", i, text(i)); })), text),
            "");
}

TEST(ChooseColumns, AnotherTextThanTheFirstIsRefused) {
  const auto german = [](std::size_t i) { return fmt::format("Guten Tag, mein Name ist Nummer {}", i); };
  const std::string message = refusal(
      file_of(12, [&](std::size_t i) { return fmt::format("a{}|{}|{}", i, sentence(i), german(i)); }));
  EXPECT_THAT(message,
              AllOf(HasSubstr("two of its columns look like texts"), HasSubstr("--columns id,text for"),
                    HasSubstr("--columns id,-,text for \"Guten Tag"), HasSubstr("--columns id,text,norm")));
  EXPECT_THAT(refusal("a|Hello there, my friend|Anna\nb|How are you today?|Ben\n"),
              HasSubstr("--columns id,text for"))
      << "few lines, and a third column much shorter than the second";
}

TEST(ChooseColumns, RecordingsInAnotherColumnAreRefusedWithTheirPlace) {
  EXPECT_THAT(
      refusal(file_of(12, [](std::size_t i) { return fmt::format("{}|anna|wavs/a{}.wav", sentence(i), i); })),
      AllOf(HasSubstr("another column than the first names the recordings"),
            HasSubstr("--columns text,-,id for \"the quick brown 10 times\"")));
}

TEST(ChooseColumns, TheTextMayStandBeforeTheId) {
  EXPECT_THAT(
      refusal(file_of(12, [](std::size_t i) { return fmt::format("{}|LJ001-{:04}", sentence(i), i); })),
      HasSubstr("--columns text,id for \"the quick brown 10 times\""));
}

TEST(ChooseColumns, APartBehindABarIsNoText) {
  const Metadata metadata = parse(file_of(24, [](std::size_t i) {
    return i == 7 ? std::string("a7|this and|that") : fmt::format("a{}|{}", i, sentence(i));
  }));
  EXPECT_EQ(metadata.rows.size(), 23u);
  EXPECT_EQ(metadata.wide_lines.count, 1u);
  EXPECT_THAT(metadata.warnings,
              Each(AllOf(HasSubstr("left out 1 line with more columns"), HasSubstr("line 8: a7"))));
}

TEST(ChooseColumns, ALineWithMoreColumnsThanItsHeaderIsLeftOut) {
  const auto line = [](std::size_t i) {
    return i == 0 ? std::string("file|text")
                  : fmt::format("a{}|{}{}", i, sentence(i),
                                i == 9   ? " | more"
                                : i == 3 ? "|"
                                         : "");
  };
  const Metadata metadata = parse(file_of(24, line));
  EXPECT_EQ(metadata.rows.size(), 22u);
  EXPECT_EQ(metadata.rows[2].text, sentence(3));
  EXPECT_EQ(metadata.wide_lines.names[0], "a9");
}

TEST(ChooseColumns, GivenColumnsMayBeFewerThanThereAre) {
  const auto third = [](std::size_t i) { return fmt::format("a{}|{}|{}", i, sentence(i), spoken(i)); };
  const Metadata all = parse(file_of(24, third), "id,text");
  EXPECT_EQ(all.rows.size(), 24u);
  EXPECT_EQ(wrong(all, sentence), "");
  EXPECT_EQ(all.more_columns.count, 24u);
  const auto slip = [](std::size_t i) {
    return fmt::format("a{}|{}{}", i, sentence(i), i == 9 ? " | more" : "");
  };
  const Metadata cut = parse(file_of(24, slip), "id,text");
  EXPECT_EQ(cut.rows.size(), 23u);
  EXPECT_EQ(cut.wide_lines.names[0], "a9");
}

TEST(ChooseColumns, ManyLinesWithMoreColumnsAreRefused) {
  const auto line = [](std::size_t i) {
    return fmt::format("a{}|{}{}", i, sentence(i), i % 3 == 0 ? " | more" : "");
  };
  EXPECT_THAT(refusal(file_of(24, line)),
              AllOf(HasSubstr("8 of 24 lines have more than 2 columns"), HasSubstr("line 1: a0, line 4: a3"),
                    HasSubstr("--columns id,text,norm")));
}

// An empty third column is there all the same, so the others' third is no part of the text.
TEST(ChooseColumns, TheNormalisedTextMayBeEmptyMostly) {
  const auto line = [](std::size_t i) {
    return i % 4 == 0 ? fmt::format("a{}|born in 14{}, they say|born in fourteen hundred, they say {}", i,
                                    10 + i, kWords[i % 5])
                      : fmt::format("a{}|{}|", i, sentence(i));
  };
  const Metadata metadata = parse(file_of(24, line));
  EXPECT_EQ(metadata.rows.size(), 24u);
  EXPECT_EQ(metadata.rows[0].text, "born in fourteen hundred, they say the");
  EXPECT_EQ(metadata.rows[1].text, sentence(1));
}

TEST(ChooseColumns, LinesWithoutABarAreNoMetadata) {
  EXPECT_THAT(refusal("one line\nanother\nand a third|one\n"), HasSubstr("2 without a text"));
}

TEST(ChooseColumns, LostLettersAreTold) {
  EXPECT_THAT(parse("a|caf\uFFFD\nb|two\n").warnings, Each(HasSubstr("1 texts hold U+FFFD")));
}

TEST(ChooseColumns, AHeaderWithTwoTextsIsRefused) {
  EXPECT_THAT(refusal("file|text|sentence\na|one|uno\n"),
              AllOf(HasSubstr("\"text\" and \"sentence\""), HasSubstr("--columns id,text")));
}

TEST(ChooseColumns, AFirstLineOfUnknownNamesDoesNotHideNumbers) {
  const Metadata metadata = parse(file_of(30, [](std::size_t i) {
    return i == 0 ? "clip_x|words|len" : fmt::format("a{}|{}|{}", i, sentence(i), i);
  }));
  EXPECT_EQ(metadata.rows[1].text, sentence(1));
}

TEST(ChooseColumns, TextsWithoutSpacesAreTexts) {
  const std::vector<std::string> texts = {"你好世界", "今天天气很好", "我们去公园吧", "谢谢你的帮助"};
  const auto text = [&](std::size_t i) { return texts[i]; };
  EXPECT_EQ(
      wrong(parse(file_of(4, [&](std::size_t i) { return fmt::format("a{}|{}|{}", i, text(i), "zh"); })),
            text),
      "");
}

TEST(ChooseColumns, TheFirstThatNobodySaidIsRead) {
  EXPECT_EQ(parse("a|one\n").reading, "column 2");
  EXPECT_EQ(parse("file|transcript\na|one\n").reading, "column \"transcript\" of its first line");
}

}  // namespace
}  // namespace feedline
