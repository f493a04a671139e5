#include "audio/codec/mp3_frame.hpp"

#include <gtest/gtest.h>

#include <array>

namespace feedline {
namespace {

std::optional<Mp3Frame> parse(std::uint32_t header) {
  std::array<std::byte, kMp3Header> bytes;
  for (unsigned i = 0; i < kMp3Header; ++i) bytes[i] = static_cast<std::byte>(header >> (24 - 8 * i) & 255U);
  return parse_mp3_frame(bytes);
}

void expect(std::uint32_t header, std::uint32_t rate, std::uint32_t channels, std::uint32_t samples,
            std::uint32_t bytes, std::uint32_t side_bytes) {
  const auto frame = parse(header);
  ASSERT_TRUE(frame) << header;
  EXPECT_EQ(frame->rate, rate);
  EXPECT_EQ(frame->channels, channels);
  EXPECT_EQ(frame->samples, samples);
  EXPECT_EQ(frame->bytes, bytes);
  EXPECT_EQ(frame->side_bytes, side_bytes);
}

TEST(Mp3Frame, IsReadFromItsHeader) {
  expect(0xFFFB9000, 44100, 2, 1152, 417, 32);  // MPEG 1, 128 kbit/s
  expect(0xFFFB9200, 44100, 2, 1152, 418, 32);  // padded
  expect(0xFFFA90C0, 44100, 1, 1152, 417, 17);  // with a checksum, mono
  expect(0xFFFBE440, 48000, 2, 1152, 960, 32);  // 320 kbit/s, joint stereo
  expect(0xFFFB18C0, 32000, 1, 1152, 144, 17);
  expect(0xFFF388C4, 16000, 1, 576, 288, 9);  // MPEG 2, 64 kbit/s
  expect(0xFFF31400, 24000, 2, 576, 24, 17);  // 8 kbit/s
  expect(0xFFE348C0, 8000, 1, 576, 288, 9);   // MPEG 2.5, 32 kbit/s
  expect(0xFFE3E000, 11025, 2, 576, 1044, 17);
}

TEST(Mp3Frame, OfLayerIIIsRead) {
  const auto frame = parse(0xFFFD8400);  // 128 kbit/s
  ASSERT_TRUE(frame);
  EXPECT_FALSE(frame->is_layer3);
  EXPECT_EQ(frame->bytes, 384U);
  EXPECT_EQ(frame->samples, 1152U);
  EXPECT_EQ(parse(0xFFF588C0)->bytes, 576U);  // MPEG 2, 16 kHz, 64 kbit/s
  EXPECT_FALSE(parse(0xFFFD9000)->same_format(*parse(0xFFFB9000)));
}

TEST(Mp3Frame, OtherHeadersAreNone) {
  for (const std::uint32_t header : {
           0xFFFF9000U,  // layer I
           0xFFF15080U,  // AAC
           0xFFEB9000U,  // a version that does not exist
           0xFFFB0000U,  // free bitrate
           0xFFFBF000U,  // no bitrate
           0xFFFB9C00U,  // no rate
           0x7FFB9000U,
           0xFF1B9000U,
       })
    EXPECT_FALSE(parse(header)) << header;
  EXPECT_FALSE(parse_mp3_frame({}));
}

}  // namespace
}  // namespace feedline
