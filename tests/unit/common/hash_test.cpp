#include <feedline/common/hash.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace feedline {
namespace {

std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  return hash64(std::as_bytes(std::span(text)), seed);
}

TEST(Hash64, IsXxh3) {
  EXPECT_EQ(hash_text(""), 0x2D06800538D394C2u);  // XXH3_64bits of nothing, from xxHash's own tests
  EXPECT_NE(hash_text("a"), hash_text("b"));
  EXPECT_NE(hash_text("a"), hash_text("a", 1));
}

TEST(Sum64, CanBeAddedUpInPieces) {
  std::vector<std::byte> bytes(1003);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 31 + 7);
  const std::span<const std::byte> all = bytes;
  EXPECT_EQ(sum64(all, 5), sum64(all.first(400), 5) + sum64(all.subspan(400), 5 + 100));
}

TEST(Sum64, FollowsItsFormula) {
  const std::vector<std::byte> bytes = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}};
  EXPECT_EQ(sum64(bytes, 2), std::uint64_t{0x04030201} * place_weight(2) + std::uint64_t{5} * place_weight(3));
  EXPECT_EQ(place_weight(2), 5 * 0x9E3779B1u);
  EXPECT_EQ(sum64({}), 0u);
}

TEST(Sum64, TellsPlacesApart) {
  std::vector<std::byte> bytes(16);
  bytes[0] = std::byte{9};
  const std::uint64_t before = sum64(bytes);
  std::swap(bytes[0], bytes[8]);
  EXPECT_NE(sum64(bytes), before);
}

TEST(SampleDigest, ForgetsTheOrder) {
  SampleDigest forward, backward;
  for (std::uint64_t id = 0; id < 100; ++id) forward.add(3, id);
  for (std::uint64_t id = 100; id-- > 0;) backward.add(3, id);
  EXPECT_EQ(forward.value(), backward.value());
}

TEST(SampleDigest, CountsEachTimeASampleIsSeen) {
  SampleDigest once, twice, thrice;
  once.add(0, 7);
  for (int i = 0; i < 2; ++i) twice.add(0, 7);
  for (int i = 0; i < 3; ++i) thrice.add(0, 7);
  EXPECT_NE(twice.value(), 0u);
  EXPECT_NE(once.value(), twice.value());
  EXPECT_NE(once.value(), thrice.value());
}

TEST(SampleDigest, TellsEpochsAndIdsApart) {
  SampleDigest a, b, c;
  a.add(1, 2);
  b.add(2, 1);
  c.add(1, 2 + (std::uint64_t{1} << 32));
  EXPECT_NE(a.value(), b.value());
  EXPECT_NE(a.value(), c.value());
}

TEST(SampleDigest, GoesOnFromAKeptValue) {
  SampleDigest whole, first;
  first.add(0, 1);
  SampleDigest second(first.value());
  second.add(0, 2);
  whole.add(0, 1);
  whole.add(0, 2);
  EXPECT_EQ(second.value(), whole.value());
}

TEST(LossDigest, MindsTheOrder) {
  LossDigest forward, backward;
  for (const float loss : {1.0F, 2.0F}) forward.add(loss);
  for (const float loss : {2.0F, 1.0F}) backward.add(loss);
  EXPECT_NE(forward.value(), backward.value());
}

TEST(LossDigest, SeesTheLastBit) {
  const float loss = 0.5F;
  LossDigest one, other;
  one.add(loss);
  other.add(std::nextafter(loss, 1.0F));
  EXPECT_NE(one.value(), other.value());
  LossDigest plus, minus;
  plus.add(0.0F);
  minus.add(-0.0F);
  EXPECT_NE(plus.value(), minus.value());
}

TEST(LossDigest, GoesOnFromAKeptValue) {
  LossDigest whole, first;
  first.add(1.5F);
  LossDigest second(first.value());
  second.add(2.5F);
  whole.add(1.5F);
  whole.add(2.5F);
  EXPECT_EQ(second.value(), whole.value());
}

// Tools compare digests of runs that lie months apart: the numbers must not change.
TEST(Digests, AreTheSameForEver) {
  SampleDigest samples;
  LossDigest losses;
  EXPECT_EQ(samples.value(), 0u);
  EXPECT_EQ(losses.value(), 0u);
  for (std::uint32_t i = 0; i < 10; ++i) {
    samples.add(i % 3, i);
    losses.add(static_cast<float>(i) * 0.25F);
  }
  EXPECT_EQ(samples.value(), 0x837AC3592B289B39u);
  EXPECT_EQ(losses.value(), 0xED1F23D1BB370C2Bu);
}

}  // namespace
}  // namespace feedline
