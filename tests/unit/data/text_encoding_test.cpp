#include "speech/text_encoding.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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

TEST(TextEncoding, ReadsSingleByteEncodings) {
  EXPECT_EQ(utf8("it\x92s \x80 \xE9", TextEncoding::kWindows1252), "it’s € é");
  EXPECT_EQ(utf8("\xA9\xE9\xFF", TextEncoding::kLatin1), "©éÿ");
  EXPECT_EQ(utf8("\x92", TextEncoding::kLatin1), "\u0092");
}

TEST(TextEncoding, KnowsItsNames) {
  EXPECT_EQ(parse_text_encoding("utf-8"), TextEncoding::kUtf8);
  EXPECT_EQ(parse_text_encoding("windows-1252"), TextEncoding::kWindows1252);
  EXPECT_EQ(parse_text_encoding("latin1"), TextEncoding::kLatin1);
  EXPECT_THROW(parse_text_encoding("koi8-r"), UsageError);
}

}  // namespace
}  // namespace feedline
