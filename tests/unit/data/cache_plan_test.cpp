#include "image/cache_plan.hpp"

#include <gtest/gtest.h>

namespace feedline {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

/// A photograph of 100 KB that takes 0.5 ms to decode.
PictureCosts photograph(double read_s) {
  return {100e3, 600e3, read_s, 0.5e-3};
}

TEST(ChooseCache, DecodedWhenAllFit) {
  EXPECT_EQ(choose_cache(photograph(1e-5), 1000, kGiB).kind, CacheKind::kDecoded);
  EXPECT_EQ(choose_cache(photograph(1e-2), 1000, kGiB).kind, CacheKind::kDecoded);
}

TEST(ChooseCache, FilesWhenReadingIsWhatTakesTime) {
  const CachePlan plan = choose_cache(photograph(5e-3), 10'000, kGiB);
  EXPECT_EQ(plan.kind, CacheKind::kEncoded);
  EXPECT_EQ(plan.bytes, kGiB);
}

TEST(ChooseCache, SomeDecodedWhenDecodingIs) {
  const CachePlan plan = choose_cache(photograph(1e-5), 10'000, kGiB);
  EXPECT_EQ(plan.kind, CacheKind::kDecoded);
  EXPECT_NE(plan.note.find("18 %"), std::string::npos) << plan.note;
}

TEST(ChooseCache, NoneWhenHardlyAnyFit) {
  const CachePlan plan = choose_cache(photograph(1e-5), 1'000'000, kGiB);
  EXPECT_EQ(plan.kind, CacheKind::kNone);
  EXPECT_EQ(plan.bytes, 0U);
  EXPECT_NE(plan.note.find("--cache-bytes"), std::string::npos) << plan.note;
}

}  // namespace
}  // namespace feedline
