#include "speech/metadata_lines.hpp"

#include "speech/metadata.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// "line:field/field" of each record.
std::vector<std::string> records(std::string_view text, bool columns_given = false) {
  std::vector<std::string> all;
  const MetadataLines lines = take_apart(std::string(text), columns_given, "metadata.csv");
  for (const MetadataRecord& each : lines.records)
    all.push_back(fmt::format("{}:{}", each.line, fmt::join(each.fields, "/")));
  return all;
}

std::string refusal(std::string_view text) {
  try {
    take_apart(std::string(text), false, "metadata.csv");
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

Metadata parse(std::string_view text) {
  return parse_metadata(std::as_bytes(std::span(text)), {}, "metadata.csv");
}

TEST(MetadataLines, LinesMayEndInAnyWay) {
  const auto expected = ElementsAre("1:a/one", "2:b/two", "3:c/three");
  EXPECT_THAT(records("a|one\nb|two\nc|three"), expected);
  EXPECT_THAT(records("a|one\r\nb|two\r\nc|three\r\n"), expected);
  EXPECT_THAT(records("a|one\rb|two\rc|three\r"), expected);
  EXPECT_THAT(records("a|one\nb|two\rc|three\n"), expected);
  EXPECT_THAT(records("a|one\r\nb|two\rc|three\n"), expected);
  EXPECT_THAT(records("a|one\r\r\nb|two\r\r\nc|three\r\r\n"), expected);
  EXPECT_THAT(records("a|one\n\n\r\n  \nb|two\n\n\n"), ElementsAre("1:a/one", "5:b/two"));
}

TEST(MetadataLines, AReturnInsideATextIsWhiteSpace) {
  EXPECT_EQ(parse("a|one\rmore\nb|two\n").rows[0].text, "one more");
}

TEST(MetadataLines, AReturnThatMayBeEitherIsRefused) {
  EXPECT_THAT(refusal("a|one|uno\nb|two|dos\rmore|mas\nc|x|y\n"),
              AllOf(HasSubstr("metadata.csv, line 2: a carriage return"), HasSubstr("tr -s")));
}

TEST(MetadataLines, MarksInsideAreTakenOut) {
  const Metadata metadata = parse(
      "\xEF\xBB\xBF"
      "a|one\n\xEF\xBB\xBF"
      "b|two\nc\xEF\xBB\xBF|three\n");
  ASSERT_EQ(metadata.rows.size(), 3u);
  EXPECT_EQ(metadata.rows[1].id, "b");
  EXPECT_EQ(metadata.rows[2].id, "c");
  EXPECT_THAT(metadata.warnings,
              Contains(HasSubstr("byte order marks inside the file are taken out (line 2, line 3)")));
}

TEST(MetadataLines, AHeaderThatIsThereAgainIsNoRecording) {
  const Metadata metadata = parse("id|text\na|one\n\xEF\xBB\xBFid|text\nb|two\n");
  EXPECT_EQ(metadata.rows.size(), 2u);
  EXPECT_THAT(metadata.warnings, Contains(HasSubstr("is there again (line 3)")));
}

TEST(MetadataLines, AHeaderSaysWhatSeparates) {
  EXPECT_THAT(
      records(
          "file_name,transcription\na.wav,\"Yes, \"\"he\"\" said.\"\nb.wav,\"over\ntwo lines\"\nc.wav,x|y\n"),
      ElementsAre("1:file_name/transcription", "2:a.wav/Yes, \"he\" said.", "3:b.wav/over\ntwo lines",
                  "5:c.wav/x|y"));
  EXPECT_THAT(records("path\tsentence\tlocale\na.mp3\t\"Yes,\" he said | she\tde\n"),
              ElementsAre("1:path/sentence/locale", "2:a.mp3/\"Yes,\" he said | she/de"));
  EXPECT_THAT(records("file;text\r\na;\"one;two\"\r\n"), ElementsAre("1:file/text", "2:a/one;two"));
  EXPECT_EQ(parse("file_name,transcription\nb.wav,\"over\ntwo lines\"\n").rows[0].text, "over two lines");
}

TEST(MetadataLines, TabsSeparateWhereThereIsNoBar) {
  EXPECT_THAT(records("a\tone\nb\ttwo | three\nc\tfour\n"),
              ElementsAre("1:a/one", "2:b/two | three", "3:c/four"));
  EXPECT_THAT(records("a\tone, two\nb\tthree\n"), ElementsAre("1:a/one, two", "2:b/three"));
  EXPECT_THAT(records("a|one\tmore\n"), ElementsAre("1:a/one\tmore"));
}

TEST(MetadataLines, CommasSeparateWhereColumnsAreGiven) {
  EXPECT_THAT(records("a,one\nb,two\n", true), ElementsAre("1:a/one", "2:b/two"));
  EXPECT_THAT(records("a,one\nb,two\n", false), ElementsAre("1:a,one", "2:b,two"));
}

TEST(MetadataLines, UnevenQuotesAreRefused) {
  EXPECT_THAT(refusal("file_name,text\na,one\nb,\"two\nc,three\n"),
              AllOf(HasSubstr("metadata.csv, line 3"), HasSubstr("does not close")));
  EXPECT_THAT(refusal("file_name,text\na,\"one\" two\n"),
              AllOf(HasSubstr("line 2"), HasSubstr("behind a closing quote")));
}

// A text that is cut at its comma would be trained as if it were whole.
TEST(MetadataLines, ACommaOutsideOfQuotesLeavesTheLineOut) {
  std::string text = "file_name,text\n";
  for (int i = 0; i < 30; ++i) text += "a" + std::to_string(i) + ",one\n";
  text += "b,two, three\n";
  const Metadata metadata = parse(text);
  EXPECT_EQ(metadata.rows.size(), 30u);
  EXPECT_EQ(metadata.wide_lines.names[0], "b");
  MetadataOptions given;
  given.columns = "id,text";
  EXPECT_EQ(parse_metadata(std::as_bytes(std::span(text)), given, "metadata.csv").wide_lines.names[0], "b");
}

TEST(MetadataLines, ATextThatGoesOnInTheNextLineIsLeftOut) {
  const Metadata metadata = parse("a|\"one\nmore\"\nb|\"two\"\nc|\"Well,\" he said\n");
  ASSERT_EQ(metadata.rows.size(), 2u);
  EXPECT_EQ(metadata.rows[0].text, "\"two\"");
  EXPECT_EQ(metadata.torn_lines.count, 1u);
  EXPECT_EQ(metadata.empty_texts.count, 1u);
}

TEST(MetadataLines, CsvQuotesThatAreReadAsTextAreTold) {
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += "a" + std::to_string(i) +
            (i == 3 ? "|\"He said \"\"no\"\".\"\n" : "|number " + std::to_string(i) + "\n");
  EXPECT_THAT(parse(text).warnings, ElementsAre(HasSubstr("1 texts are in CSV quotes")));
  EXPECT_THAT(parse("a|\"one\"\nb|\"Well,\" he said, \"yes\"\n").warnings, IsEmpty());
}

TEST(MetadataLines, CsvQuotesRoundTextsAreRefused) {
  const auto refused = [](std::string_view text) {
    try {
      parse(text);
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  EXPECT_THAT(refused("path\tsentence\na\t\"He said \"\"no\"\".\"\nb\tyes\n"),
              AllOf(HasSubstr("such as \"He said \"\"no\"\".\""), HasSubstr("QUOTE_NONE")));
  EXPECT_THAT(refused("1|\"one two\"\n2|\"three\"\n3|\"four\"\n4|\"five six\"\n"),
              HasSubstr("such as \"one two\""));
}

TEST(MetadataLines, TextsThatWereMadeUtf8TwiceAreTold) {
  EXPECT_THAT(parse("a|cafÃ© noir\nb|two\n").warnings,
              ElementsAre(HasSubstr("\"cafÃ© noir\" would be \"café noir\"")));
  EXPECT_THAT(parse("a|café Ã la carte\nb|naïve – “yes”\n").warnings, IsEmpty());
}

TEST(MetadataLines, LongFieldsAreNoRecords) {
  EXPECT_EQ(parse("file_name,text\na," + std::string(70'000, 'x') + "\nb,two\n").long_lines.count, 1u);
}

TEST(MetadataLines, ControlCharactersAreNotShown) {
  EXPECT_EQ(shortened("a\x1b[2J"), "a\\x1b[2J");
  EXPECT_EQ(shortened("a\tb\xC2\x9B\u202E"), "a\\tb\\xc2\\x9b\\xe2\\x80\\xae") << "as printable";
  EXPECT_EQ(shortened(std::string(79, 'x') + "é"), std::string(79, 'x') + "...");
}

TEST(MetadataLines, StayWhereTheyAreWhenMoved) {
  MetadataLines lines = take_apart("a|b", false, "metadata.csv");
  const MetadataLines moved = std::move(lines);
  EXPECT_EQ(moved.records[0].fields[1], "b");
}

TEST(MetadataLines, OneLineAndAHeaderAlone) {
  EXPECT_EQ(parse("a|one").rows[0].text, "one");
  EXPECT_THROW(parse("file_name,transcription\n"), DataError);
  EXPECT_THROW(parse("\xEF\xBB\xBF"), DataError);
}

}  // namespace
}  // namespace feedline
