#include "speech/to_utf8.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string utf8(std::string_view bytes, TextEncoding encoding = TextEncoding::kUtf8) {
  return to_utf8(std::as_bytes(std::span(bytes)), encoding, "metadata.csv");
}

std::string message_of(std::string_view bytes) {
  try {
    utf8(bytes);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(TextEncoding, TakesTheMarkOffUtf8) {
  EXPECT_EQ(utf8("\xEF\xBB\xBFm|é"), "m|é");
  EXPECT_EQ(utf8("\xEF\xBB\xBF"), "");
  EXPECT_EQ(utf8(""), "");
}

TEST(TextEncoding, KeepsValidUtf8AtEveryOffset) {
  for (std::size_t before = 0; before < 10; ++before) {
    const std::string text = std::string(before, 'a') + "آب 😀" + std::string(9, 'b');
    EXPECT_EQ(utf8(text), text);
  }
}

TEST(TextEncoding, NamesLineAndByteOfBrokenUtf8) {
  EXPECT_THAT(message_of("a|fine\nb|it\x92s\n"),
              AllOf(HasSubstr("metadata.csv, line 2"), HasSubstr("0x92"), HasSubstr("number 12 "),
                    HasSubstr("--text-encoding windows-1252")));
  EXPECT_THAT(message_of("\xC0\x80"), HasSubstr("0xC0"));           // overlong
  EXPECT_THAT(message_of("\xED\xA0\x80"), HasSubstr("0xED"));       // a surrogate
  EXPECT_THAT(message_of("12345678\xD8"), HasSubstr("number 9 "));  // cut off
}

TEST(TextEncoding, RefusesUtf16) {
  using namespace std::string_view_literals;
  EXPECT_THAT(message_of("\xFF\xFE"
                         "a\0|\0b\0"sv),
              AllOf(HasSubstr("UTF-16"), HasSubstr("iconv")));
  EXPECT_THAT(message_of("\xFE\xFF\0a"sv), HasSubstr("UTF-16"));
  EXPECT_THAT(message_of("a\n\0b"sv), HasSubstr("zero byte in line 2"));
}

TEST(TextEncoding, ReadsWhatIconvKnows) {
  using namespace std::string_view_literals;
  const auto read = [](std::string_view bytes, std::string_view encoding) {
    return utf8(bytes, parse_text_encoding(encoding));
  };
  EXPECT_EQ(read("a|\xD3\xE1\xC7\xE3\n", "windows-1256"), "a|سلام\n");
  EXPECT_EQ(read("\xCF\xF0\xE8\xE2\xE5\xF2", "windows-1251"), "Привет");
  EXPECT_EQ(read("\xF0\xD2\xC9\xD7\xC5\xD4", "koi8-r"), "Привет");
  EXPECT_EQ(read("\xB3\xF3"
                 "d\x9F",
                 "windows-1250"),
            "łódź");
  EXPECT_EQ(read("\xC3\xE5\xE9\xE1", "windows-1253"), "Γεια");
  EXPECT_EQ(read("a\xF0\xFD", "windows-1254"), "ağı");
  EXPECT_EQ(read("\xF9\xEC\xE5\xED", "windows-1255"), "שלום");
  EXPECT_EQ(read("\xFF\xFE"
                 "a\0|\0\x33\x06"sv,
                 "utf-16"),
            "a|س");
  EXPECT_EQ(read("a\0|\0b\0"sv, "utf-16le"), "a|b");
  EXPECT_EQ(read("\0a\0|\0b"sv, "utf-16be"), "a|b");
}

TEST(TextEncoding, NamesBytesThatAreNothing) {
  const auto refused = [](std::string_view bytes, std::string_view encoding) {
    try {
      utf8(bytes, parse_text_encoding(encoding));
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  EXPECT_THAT(refused("a|x\nb|\xD9\n", "windows-1255"),
              AllOf(HasSubstr("metadata.csv, line 2: byte 0xD9 (number 7 "), HasSubstr("windows-1255")));
  EXPECT_THAT(refused(std::string(40'000, 'a') + "\xD9", "windows-1255"), HasSubstr("number 40001 "));
  EXPECT_THAT(refused("\xEF\xBB\xBFm", "windows-1252"), HasSubstr("Drop --text-encoding"));
}

TEST(TextEncoding, OffersWhatTheLettersWouldBe) {
  EXPECT_THAT(
      message_of("a|\xD3\xE1\xC7\xE3 \xCF\xE6\xD3\xCA \xE3\xE4\n"),
      AllOf(HasSubstr("\"سلام\" in windows-1256"), HasSubstr("such as --text-encoding windows-1256.")));
  EXPECT_THAT(
      message_of("a|\xCF\xF0\xE8\xE2\xE5\xF2 \xEC\xE8\xF0\n"),
      AllOf(HasSubstr("\"Привет\" in windows-1251"), HasSubstr("such as --text-encoding windows-1251.")));
  EXPECT_THAT(message_of("a|\xF0\xD2\xC9\xD7\xC5\xD4 \xCD\xC9\xD2\n"),
              HasSubstr("such as --text-encoding koi8-r."));
  EXPECT_THAT(message_of("a|\xC3\xE5\xE9\xDC \xF3\xEF\xF5\n"),
              HasSubstr("such as --text-encoding windows-1253."));
  EXPECT_THAT(message_of("a|\xF9\xEC\xE5\xED \xF2\xE5\xEC\xED\n"), HasSubstr("\"שלום\" in windows-1255"));
  EXPECT_THAT(message_of("a|caf\xE9 gar\xE7"
                         "on\n"),
              HasSubstr("such as --text-encoding windows-1252."));
  EXPECT_THAT(message_of("a|\xB3\xF3"
                         "dka i \xBF\xF3\xB3w\n"),
              HasSubstr("such as --text-encoding windows-1250."));
}

TEST(TextEncoding, OffersAsianEncodings) {
  EXPECT_THAT(message_of("a|\xC4\xE3\xBA\xC3\xCA\xC0\xBD\xE7\n"), HasSubstr("\"你好世界\" in gb18030"));
  EXPECT_THAT(message_of("a|\x82\xB1\x82\xF1\x82\xC9\x82\xBF\x82\xCD\n"),
              HasSubstr("\"こんにちは\" in shift_jis"));
}

TEST(TextEncoding, MixedEncodingsHaveNoName) {
  EXPECT_THAT(message_of("a|é\nb|ü\nc|caf\xE9\n"),
              AllOf(HasSubstr("2 with letters beyond ASCII are UTF-8, 1 are not (line 3)"),
                    Not(HasSubstr("such as --text-encoding"))));
}

TEST(TextEncoding, GuessesTheOrderOfUtf16) {
  using namespace std::string_view_literals;
  EXPECT_THAT(message_of("a\0|\0\x33\x06\n\0"sv), HasSubstr("--text-encoding utf-16le"));
  EXPECT_THAT(message_of("\0a\0|\x06\x33\0\n"sv), HasSubstr("--text-encoding utf-16be"));
  EXPECT_THAT(message_of("a|some text, and more of it, and more\n\0b|x"sv), HasSubstr("the file is damaged"));
}

TEST(TextEncoding, ReadsSingleByteEncodings) {
  EXPECT_EQ(utf8("it\x92s \x80 \xE9", TextEncoding::kWindows1252), "it’s € é");
  EXPECT_EQ(utf8("\xA9\xE9\xFF", TextEncoding::kLatin1), "©éÿ");
  EXPECT_EQ(utf8("\x92", TextEncoding::kLatin1), "\u0092");
}

TEST(TextEncoding, KnowsItsNames) {
  EXPECT_EQ(parse_text_encoding("utf-8"), TextEncoding::kUtf8);
  EXPECT_EQ(parse_text_encoding("windows-1252"), TextEncoding::kWindows1252);
  EXPECT_EQ(parse_text_encoding("latin1"), TextEncoding::kLatin1);
  EXPECT_EQ(parse_text_encoding("koi8-r").name, "koi8-r");
  EXPECT_EQ(parse_text_encoding("CP1256").name, "windows-1256");
  EXPECT_EQ(parse_text_encoding("ISO_8859-1"), TextEncoding::kLatin1);
  EXPECT_EQ(parse_text_encoding("utf8"), TextEncoding::kUtf8);
  for (const char* name : {"", "utf-7", "windows-1259", "iso-8859-12", "utf-8//translit"})
    EXPECT_THROW(parse_text_encoding(name), UsageError) << name;
}

}  // namespace
}  // namespace feedline
