#include <feedline/common/text.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

namespace feedline {
namespace {

constexpr std::uint64_t kKiB = 1024, kMiB = kKiB * 1024, kGiB = kMiB * 1024;

TEST(FormatBytes, ChoosesTheUnit) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(412), "412 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1024), "1.0 KiB");
  EXPECT_EQ(format_bytes(3 * kMiB + kMiB / 5), "3.2 MiB");
  EXPECT_EQ(format_bytes(3 * kGiB / 2), "1.5 GiB");
  EXPECT_EQ(format_bytes(5000 * kGiB * 1024), "5000.0 TiB");
}

TEST(FormatBytes, RoundsIntoTheNextUnit) {
  EXPECT_EQ(format_bytes(kMiB - 1), "1.0 MiB");
  EXPECT_EQ(format_bytes(kGiB - 1), "1.0 GiB");
}

TEST(FormatDuration, ChoosesTheUnit) {
  EXPECT_EQ(format_duration(0), "0.0 s");
  EXPECT_EQ(format_duration(12.34), "12.3 s");
  EXPECT_EQ(format_duration(59.99), "1 min 00 s");
  EXPECT_EQ(format_duration(245), "4 min 05 s");
  EXPECT_EQ(format_duration(3599.7), "1 h 00 min");
  EXPECT_EQ(format_duration(2 * 3600 + 14 * 60 + 30), "2 h 14 min");
}

TEST(ParseBytes, TakesUnitsOfEitherCase) {
  EXPECT_EQ(parse_bytes("4096"), 4096u);
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes("17b"), 17u);
  EXPECT_EQ(parse_bytes("64KiB"), 64 * kKiB);
  EXPECT_EQ(parse_bytes("64kb"), 64 * kKiB);
  EXPECT_EQ(parse_bytes("512M"), 512 * kMiB);
  EXPECT_EQ(parse_bytes("3G"), 3 * kGiB);
  EXPECT_EQ(parse_bytes("1.5g"), 3 * kGiB / 2);
  EXPECT_EQ(parse_bytes("2T"), 2 * kGiB * 1024);
}

TEST(ParseBytes, RefusesWhatIsNone) {
  for (const char* text : {"", "G", "3X", "3 G", " 3", "-1", "3GG", "3bb", "3ib", "nan", "inf", "0x10",
                           "1e40", "99999999T", "3G "}) {
    EXPECT_EQ(parse_bytes(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(ParseBytes, ReadsWhatFormatBytesWroteWithoutTheSpace) {
  EXPECT_EQ(parse_bytes("1.5GiB"), 3 * kGiB / 2);
}

TEST(FormatNumber, AlwaysLooksLikeARealNumber) {
  EXPECT_EQ(format_number(2), "2.0");
  EXPECT_EQ(format_number(0), "0.0");
  EXPECT_EQ(format_number(-3), "-3.0");
  EXPECT_EQ(format_number(0.25), "0.25");
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(1e-5), "1e-05");
}

TEST(FormatNumber, ReadsBackAsTheSameNumber) {
  for (const double value : {1.0 / 3, 1e300, 5e-324, 123456789.0, 0.1 + 0.2}) {
    EXPECT_EQ(std::strtod(format_number(value).c_str(), nullptr), value);
  }
}

TEST(NearestName, SuggestsASlipOfTheFinger) {
  const std::vector<std::string> names = {"--buffer-size", "--buffer-bytes", "--epochs"};
  EXPECT_EQ(nearest_name("--bufer-size", names), "--buffer-size");
  EXPECT_EQ(nearest_name("--epoch", names), "--epochs");
  EXPECT_EQ(nearest_name("--ephocs", names), "--epochs");
  EXPECT_EQ(nearest_name("--epochs", names), "--epochs");
}

TEST(NearestName, SuggestsNothingFarFetched) {
  const std::vector<std::string> names = {"--buffer-size", "--epochs"};
  EXPECT_EQ(nearest_name("--transport", names), std::nullopt);
  EXPECT_EQ(nearest_name("--epochs", {}), std::nullopt);
}

TEST(Hex, HasSixteenDigits) {
  EXPECT_EQ(hex(0), "0000000000000000");
  EXPECT_EQ(hex(0xABC), "0000000000000abc");
  EXPECT_EQ(hex(std::numeric_limits<std::uint64_t>::max()), "ffffffffffffffff");
}

TEST(Printable, ShowsControlCharactersAsEscapes) {
  EXPECT_EQ(printable("a b/c.jpg \\"), "a b/c.jpg \\");
  EXPECT_EQ(printable("x\nAll are good."), "x\\nAll are good.");
  EXPECT_EQ(printable("\x1b[31mred\x7f\t"), "\\x1b[31mred\\x7f\\t");
  EXPECT_EQ(printable("\xE7\x8C\xAB \xF0\x9F\x9A\x80 \xC3\xA9"), "\xE7\x8C\xAB \xF0\x9F\x9A\x80 \xC3\xA9");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\xc2\\x9b"
            "31m")
      << "C1, which terminals obey";
  EXPECT_EQ(printable("\xE2\x80\xAE"), "\\xe2\\x80\\xae") << "right to left from here";
  EXPECT_EQ(printable("\xFF\xC3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xC0\xAF"), "\\xc0\\xaf") << "longer than it need be";
}

TEST(Lower, TouchesAsciiOnly) {
  EXPECT_EQ(lower("ABC.Jpg \xC3\x89"), "abc.jpg \xC3\x89");
}

}  // namespace
}  // namespace feedline
