#include "test_device.hpp"

#include <feedline/device/device_runtime.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace feedline {
namespace {

/// Some pictures with a normalisation for each channel.
struct Example {
  std::uint32_t count, channels, plane;
  std::vector<float> scale, shift;

  std::size_t size() const { return std::size_t{count} * channels * plane; }
  std::byte byte(std::size_t i) const { return static_cast<std::byte>(i * 37 + i / 256); }

  /// What becomes of byte `i`.
  float value(std::size_t i) const {
    const std::size_t channel = i / plane % channels;
    const float product = static_cast<float>(byte(i)) * scale[channel];
    return product + shift[channel];
  }

  std::size_t place(std::size_t i, PictureLayout layout) const {
    if (layout == PictureLayout::kPlanes) return i;
    const std::size_t picture = i / (channels * plane), channel = i / plane % channels, pixel = i % plane;
    return (picture * plane + pixel) * channels + channel;
  }
};

/// Planes of a whole number of words and others; a channel whose values are tiny, and one with large ones.
const Example kExamples[] = {
    {3, 1, 784, {1 / 255.0f / 0.35f}, {-0.286f / 0.35f}},
    {5, 3, 35, {0.0171f, 0.0175f, 0.0174f}, {-2.1f, -2.03f, -1.8f}},
    {2, 3, 224 * 224, {1e-7f, 300.0f, 0.01f}, {-1e-5f, 0.0f, 1.0f}},
};

float from_bfloat16(std::uint16_t bits) {
  const std::uint32_t wide = std::uint32_t{bits} << 16;
  float value = 0;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

float from_float16(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float size = std::ldexp(static_cast<float>(fraction), -24);
  if (exponent == 31) size = std::numeric_limits<float>::infinity();
  if (exponent > 0 && exponent < 31) size = std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

/// Whether no other number is nearer to `value`, and of two that are as near it is the even one.
template <typename Decode>
bool is_nearest(std::uint16_t bits, float value, const Decode& decode) {
  if (std::isinf(decode(bits))) return std::fabs(value) >= 65520;
  const double error = std::fabs(double{decode(bits)} - value);
  for (const int step : {-1, 1}) {
    if ((bits & 0x7FFF) == 0 && step < 0) continue;
    const auto other = static_cast<std::uint16_t>(bits + step);
    if (std::isinf(decode(other))) continue;
    const double its = std::fabs(double{decode(other)} - value);
    if (its < error || (its == error && bits % 2 != 0)) return false;
  }
  return true;
}

class NormaliseTest : public testing::OnDevice {
 protected:
  std::vector<std::byte> result_of(const Example& example, FloatType number, PictureLayout layout) {
    std::vector<std::byte> bytes(example.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = example.byte(i);
    const auto pictures = there(std::span<const std::byte>(bytes));
    const auto scale = there(std::as_bytes(std::span(example.scale)));
    const auto shift = there(std::as_bytes(std::span(example.shift)));
    const auto to = runtime_->allocate(example.size() * (number == FloatType::kFloat32 ? 4 : 2));
    stream_->normalise({pictures->bytes().data(), example.count, example.channels, example.plane,
                        reinterpret_cast<const float*>(scale->bytes().data()),
                        reinterpret_cast<const float*>(shift->bytes().data())},
                       {to->bytes().data(), number, layout});
    return read(to->bytes());
  }

 private:
  /// A copy of `bytes` on the device.
  std::unique_ptr<DeviceMemory> there(std::span<const std::byte> bytes) {
    std::vector<std::byte> host(bytes.begin(), bytes.end());
    const auto pinned = runtime_->pin(host);
    auto block = runtime_->allocate(host.size());
    stream_->copy(block->bytes().data(), host.data(), host.size());
    stream_->wait();
    return block;
  }
};

class NormaliseInLayout : public NormaliseTest, public ::testing::WithParamInterface<PictureLayout> {};

TEST_P(NormaliseInLayout, FloatsAreTheseBitForBit) {
  for (const Example& example : kExamples) {
    const auto bytes = result_of(example, FloatType::kFloat32, GetParam());
    for (std::size_t i = 0; i < example.size(); ++i) {
      float found = 0;
      std::memcpy(&found, bytes.data() + example.place(i, GetParam()) * sizeof found, sizeof found);
      ASSERT_EQ(found, example.value(i)) << example.plane << ", byte " << i;
    }
  }
}

TEST_P(NormaliseInLayout, HalvesAreTheNearestToThose) {
  for (const Example& example : kExamples) {
    const auto brain = result_of(example, FloatType::kBFloat16, GetParam());
    const auto ieee = result_of(example, FloatType::kFloat16, GetParam());
    for (std::size_t i = 0; i < example.size(); ++i) {
      std::uint16_t found = 0;
      std::memcpy(&found, brain.data() + example.place(i, GetParam()) * sizeof found, sizeof found);
      ASSERT_TRUE(is_nearest(found, example.value(i), from_bfloat16)) << example.plane << ", byte " << i;
      std::memcpy(&found, ieee.data() + example.place(i, GetParam()) * sizeof found, sizeof found);
      ASSERT_TRUE(is_nearest(found, example.value(i), from_float16))
          << example.plane << ", byte " << i << ": " << found << " for " << example.value(i);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, NormaliseInLayout,
                         ::testing::Values(PictureLayout::kPlanes, PictureLayout::kChannelsLast));

TEST_F(NormaliseTest, NothingIsNothing) {
  stream_->normalise({}, {});
  stream_->wait();
}

}  // namespace
}  // namespace feedline
