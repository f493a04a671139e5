#include "speech/metadata.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Metadata parse(std::string_view text, const MetadataOptions& options = {}) {
  return parse_metadata(std::as_bytes(std::span(text)), options, "metadata.csv");
}

/// "id=text" of each row.
std::vector<std::string> rows(const Metadata& metadata) {
  std::vector<std::string> rows;
  for (const MetadataRow& row : metadata.rows) rows.push_back(row.id + "=" + row.text);
  return rows;
}

std::string message_of(std::string_view text) {
  try {
    parse(text);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Metadata, ReadsTheNormalisedText) {
  const Metadata metadata =
      parse("LJ001-0001|Mr. Smith|Mister Smith\nLJ001-0002|in 1465|in fourteen sixty-five\n");
  EXPECT_THAT(rows(metadata), ElementsAre("LJ001-0001=Mister Smith", "LJ001-0002=in fourteen sixty-five"));
  EXPECT_EQ(metadata.rows[1].line, 2u);
  EXPECT_EQ(metadata.rows[1].speaker, "");
  EXPECT_EQ(metadata.left_out(), 0u);
  EXPECT_THAT(metadata.warnings, IsEmpty());
}

TEST(Metadata, TwoColumnsAndAnEmptyThirdTakeTheText) {
  EXPECT_THAT(rows(parse("a|one\nb|two|\nc|three| \nd||four")),
              ElementsAre("a=one", "b=two", "c=three", "d=four"));
}

TEST(Metadata, StripsMarkCarriageReturnsAndSpaces) {
  EXPECT_THAT(rows(parse("\xEF\xBB\xBFSM001-0001 | text |  norm \r\n\r\n b|t\r\n")),
              ElementsAre("SM001-0001=norm", "b=t"));
}

TEST(Metadata, QuotesAreText) {
  EXPECT_THAT(rows(parse("a|\"Well,\" he said|\"Well\nb|\"two\"\n")), ElementsAre("a=\"Well", "b=\"two\""));
}

TEST(Metadata, ReadsWindows1252WhenTold) {
  MetadataOptions options;
  options.encoding = TextEncoding::kWindows1252;
  EXPECT_THAT(rows(parse("a|it\x92s\n", options)), ElementsAre("a=it’s"));
  EXPECT_THAT(message_of("a|x\nb|it\x92s\n"), AllOf(HasSubstr("line 2"), HasSubstr("0x92")));
}

TEST(Metadata, RefusesSeveralTextsThatAreNotOne) {
  EXPECT_THAT(message_of("a|one|uno|x\nb|two|dos|y\nc|three|tres\n"),
              AllOf(HasSubstr("metadata.csv does not say which column is the text"),
                    HasSubstr("--columns id,text for \"one\"; --columns id,-,text for \"uno\"")));
}

TEST(Metadata, ColumnsSayWhatIsWhere) {
  MetadataOptions options;
  options.columns = "speaker,-,id,text";
  const Metadata metadata = parse("anna|7|a|one\nben|8|b|two|more\n", options);
  EXPECT_THAT(rows(metadata), ElementsAre("a=one", "b=two"));
  EXPECT_EQ(metadata.rows[1].speaker, "ben");
  EXPECT_THAT(metadata.warnings,
              ElementsAre(HasSubstr("1 line has more than 4 columns, the first is line 2")));
}

TEST(Metadata, HeaderIsNoRecording) {
  const Metadata metadata = parse("id|text|normalized_text\na|1|one\n");
  EXPECT_TRUE(metadata.has_header);
  EXPECT_THAT(rows(metadata), ElementsAre("a=one"));
  EXPECT_THAT(rows(parse("id|whatever\na|one\nid|two\n")), ElementsAre("a=one", "id=two"));
  EXPECT_FALSE(parse("a|text\n").has_header);
}

TEST(Metadata, CharactersThatAreTakenOutAreTold) {
  const Metadata metadata =
      parse("a|plain\t text\u00A0here\nb|so\u00ADft\nc|raw\u200B|norm\nd|raw|no\arm\u200F\n");
  EXPECT_THAT(rows(metadata), ElementsAre("a=plain text here", "b=soft", "c=norm", "d=norm"));
  EXPECT_THAT(metadata.warnings,
              ElementsAre(AllOf(HasSubstr("2 texts hold characters"), HasSubstr("line 2: U+00AD in \"soft\""),
                                HasSubstr("line 4: U+0007 in \"norm\""))));
  EXPECT_THAT(parse("a|می\u200Cخواهد\nb|two\n").warnings, IsEmpty()) << "the joiners stay";
}

TEST(Metadata, AFirstLineThatNamesARecordingIsNoHeader) {
  MetadataOptions options;
  options.is_recording = [](const std::string& id) { return id == "id" || id == "wavs/path.wav"; };
  const Metadata by_id = parse("id|The quick brown fox.\na|one\n", options);
  EXPECT_FALSE(by_id.has_header);
  EXPECT_THAT(rows(by_id), ElementsAre("id=The quick brown fox.", "a=one"));
  EXPECT_THAT(by_id.warnings, ElementsAre(AllOf(HasSubstr("first line, \"id|The quick brown fox.\""),
                                                HasSubstr("recording id is there"))));
  EXPECT_THAT(rows(parse("ID|Text\na|one\n", options)), ElementsAre("a=one"));
  EXPECT_THAT(rows(parse("path|text\na|one\n", options)), ElementsAre("a=one"));
  EXPECT_THAT(rows(parse("id,text\na,one\n", options)), ElementsAre("a=one")) << "no comma without a header";
  options.columns = "text,id";
  EXPECT_THAT(rows(parse("text|id\none|a\n", options)), ElementsAre("id=text", "a=one"));
}

TEST(Metadata, ALineThatIsTakenForAHeaderIsTold) {
  EXPECT_THAT(parse("id|whatever\na|one\n").reading, HasSubstr("first line, \"id|whatever\", is taken"));
  MetadataOptions options;
  options.columns = "id,text";
  EXPECT_THAT(parse("id|text\na|one\n", options).reading, HasSubstr("first line, \"id|text\", is taken"));
  EXPECT_THAT(parse("path|text\na|one\n").reading, HasSubstr("column \"text\" of its first line"));
}

TEST(Metadata, HeaderIsFoundBehindAMarkAndEmptyLines) {
  for (const char* before : {"\xEF\xBB\xBF", "\r\n", "\xEF\xBB\xBF \n\n"}) {
    const Metadata metadata = parse(std::string(before) + " ID | Text \r\na|one\r\n");
    EXPECT_TRUE(metadata.has_header);
    EXPECT_THAT(rows(metadata), ElementsAre("a=one"));
  }
}

TEST(Metadata, HeaderNamesTheColumns) {
  const Metadata metadata = parse("audio_file|text|speaker_name\nwavs/a.wav|one|anna\n");
  EXPECT_THAT(rows(metadata), ElementsAre("wavs/a.wav=one"));
  EXPECT_EQ(metadata.rows[0].speaker, "anna");
  MetadataOptions options;
  options.columns = "id,-,text";
  EXPECT_THAT(rows(parse("id|text|norm\na|one|uno\n", options)), ElementsAre("a=uno"));
}

TEST(Metadata, IdsMayHaveEndingsAndFolders) {
  EXPECT_THAT(rows(parse("a.wav|one\nsub/b|two\nwavs\\c.WAV|three\n...|four\n")),
              ElementsAre("a.wav=one", "sub/b=two", "wavs/c.WAV=three", "...=four"));
}

TEST(Metadata, IdsMustNotLeaveTheFolder) {
  for (const char* id : {"..", "../a", "a/../../b", "a/..", "..\\a", "./..", "a\\..\\..\\b"})
    EXPECT_THAT(message_of("x|fine\n" + std::string(id) + "|text\n"),
                AllOf(HasSubstr("metadata.csv, line 2"), HasSubstr("leads out of the folder")));
}

TEST(Metadata, CountsWhatItLeavesOut) {
  const Metadata metadata = parse("a|one\nb|\na|again\nb\n|text\nc|\u00A0|\u200B\na.wav|once more\nd||\n");
  EXPECT_THAT(rows(metadata), ElementsAre("a=one", "a.wav=once more"))
      << "whether both are one recording shows in the folder";
  EXPECT_EQ(metadata.empty_texts.count, 4u);
  EXPECT_THAT(metadata.empty_texts.first, ElementsAre(2, 4, 6));
  EXPECT_EQ(metadata.duplicate_ids.count, 1u);
  EXPECT_EQ(metadata.empty_ids.count, 1u);
  EXPECT_EQ(metadata.left_out(), 6u);
  EXPECT_THAT(
      metadata.warnings,
      ElementsAre(
          "metadata.csv: left out 4 lines without a text (line 2: b, line 4: b, line 6: c, ...).",
          "metadata.csv: left out 1 line without an id (line 5).",
          "metadata.csv: left out 1 line with the id of an earlier line (line 3: a).",
          "metadata.csv: 1 of the lines with the id of an earlier line have another text than it; the "
          "earlier one is used. The first: line 3 has \"again\", line 1 \"one\"."));
}

TEST(Metadata, LeavesOutWhatIsNoLineOfText) {
  const Metadata metadata = parse("a|" + std::string(70'000, 'x') + "\nb|two\n");
  EXPECT_THAT(rows(metadata), ElementsAre("b=two"));
  EXPECT_EQ(metadata.long_lines.count, 1u);
}

TEST(Metadata, RefusesAFileWithoutRecordings) {
  EXPECT_THAT(message_of(""), HasSubstr("metadata.csv has no recording with a text: 0 lines"));
  EXPECT_THAT(message_of("id|text\n"), HasSubstr("no recording"));
  EXPECT_THAT(message_of("a,one\nb,two\n"),
              AllOf(HasSubstr("2 lines, of them 2 without a text"), HasSubstr("id|text")));
}

TEST(Metadata, KeepsPersian) {
  const std::string text = "آقای کیانی می\u200Cخواهد بیاید";
  EXPECT_EQ(parse("۰۰۱|" + text + "\n").rows[0].text, text);
  MetadataOptions persian;
  persian.language = "fa";
  EXPECT_EQ(parse("a|\u0643\u064A\n", persian).rows[0].text, "\u06A9\u06CC");
  EXPECT_EQ(parse("a|\u0643\u064A\n").rows[0].text, "\u0643\u064A");
}

}  // namespace
}  // namespace feedline
