#include "fake_dataset.hpp"

#include <feedline/data/sample_loader.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <set>

namespace feedline {
namespace {

using testing::FakeDataset;

/// What is written for a sample, and which one it was.
struct Written {
  std::optional<std::uint64_t> id;
  std::int64_t label = -1;
};

Written load(const SampleLoader& loader, const SampleKey& key) {
  Written written;
  std::array<std::byte, 24> data{};
  const std::span<std::byte> places[] = {data, std::as_writable_bytes(std::span(&written.label, 1))};
  written.id = loader.load(key, places);
  return written;
}

DatasetPtr with_bad(std::set<std::uint64_t> bad) {
  return std::make_shared<FakeDataset>(100, [bad](const SampleKey& key) {
    if (bad.contains(key.id)) throw SampleError("sample " + std::to_string(key.id), "is bad");
  });
}

TEST(SampleLoader, GoodSamplesAreTheirOwn) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  const SampleLoader loader(with_bad({7}), bad);
  for (std::uint64_t id = 8; id < 20; ++id) EXPECT_EQ(load(loader, {1, 0, id}).id, id);
  EXPECT_EQ(bad.counts().replaced, 0U);
}

TEST(SampleLoader, AReplacementIsTheSameEveryTime) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  const SampleLoader loader(with_bad({7}), bad);
  const Written first = load(loader, {1, 0, 7});
  ASSERT_TRUE(first.id);
  EXPECT_NE(*first.id, 7U);
  EXPECT_EQ(first.label, static_cast<std::int64_t>(*first.id));
  EXPECT_EQ(load(loader, {1, 0, 7}).id, first.id);
  EXPECT_EQ(bad.counts().replaced, 2U);
}

TEST(SampleLoader, ReplacementsDifferByEpochAndSeed) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  const SampleLoader loader(with_bad({7}), bad);
  std::set<std::uint64_t> seen;
  for (std::uint32_t epoch = 0; epoch < 5; ++epoch) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) seen.insert(load(loader, {seed, epoch, 7}).id.value());
  }
  EXPECT_GT(seen.size(), 10U);
}

/// Two shapes, of which the larger has bad samples only.
class TwoShapes final : public FakeDataset {
 public:
  TwoShapes()
      : FakeDataset(100, [](const SampleKey& key) {
          if (key.id >= 96) throw SampleError("sample " + std::to_string(key.id), "is bad");
        }) {}
  DatasetParts parts() const noexcept override { return {.buckets = &buckets_}; }

 private:
  Buckets buckets_{{96, 4}};
};

TEST(SampleLoader, AShapeOfBadSamplesIsReplacedByASmallerOne) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  const SampleLoader loader(std::make_shared<TwoShapes>(), bad);
  for (std::uint64_t id = 96; id < 100; ++id) EXPECT_LT(load(loader, {1, 0, id}).id.value(), 96U);
}

TEST(SampleLoader, AReplacementThatIsBadTooIsReplaced) {
  std::set<std::uint64_t> most;
  for (std::uint64_t id = 0; id < 99; ++id) most.insert(id);
  BadSamples bad(BadSamplePolicy::kReplace, 100'000);
  const SampleLoader loader(with_bad(most), bad);
  EXPECT_EQ(load(loader, {1, 0, 99}).id, 99U);
  // One good of a hundred: found, or the row of bad ones ends it.
  try {
    EXPECT_EQ(load(loader, {1, 0, 4}).id, 99U);
  } catch (const DataError&) {
  }
}

TEST(SampleLoader, NothingButBadSamplesEnds) {
  BadSamples bad(BadSamplePolicy::kReplace, 100'000);
  const auto all_bad =
      std::make_shared<FakeDataset>(100, [](const SampleKey&) { throw SampleError("x", "y"); });
  const SampleLoader loader(all_bad, bad);
  EXPECT_THROW(load(loader, {1, 0, 4}), DataError);
}

TEST(SampleLoader, SkipWritesNothing) {
  BadSamples bad(BadSamplePolicy::kSkip, 100);
  const SampleLoader loader(with_bad({7}), bad);
  EXPECT_FALSE(load(loader, {1, 0, 7}).id);
  EXPECT_EQ(bad.counts().skipped, 1U);
}

TEST(SampleLoader, OtherErrorsPass) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  const auto broken =
      std::make_shared<FakeDataset>(100, [](const SampleKey&) { throw InternalError("defect"); });
  const SampleLoader loader(broken, bad);
  EXPECT_THROW(load(loader, {1, 0, 4}), InternalError);
}

TEST(SampleLoader, StorageThatFailsIsTriedThreeTimes) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  int failures = 2;
  const SampleLoader loader(std::make_shared<FakeDataset>(100,
                                                          [&](const SampleKey& key) {
                                                            if (key.id == 7 && failures-- > 0)
                                                              throw StorageError("sample 7",
                                                                                 "input/output error");
                                                          }),
                            bad);
  EXPECT_EQ(load(loader, {1, 0, 7}).id, 7U);
  EXPECT_EQ(bad.counts().files, 0U);
  failures = 3;
  EXPECT_NE(load(loader, {1, 0, 7}).id, 7U);
  EXPECT_EQ(bad.counts().files, 1U);
}

TEST(SampleLoader, TheOnlySampleOfASetHasNoReplacement) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  const SampleLoader loader(
      std::make_shared<FakeDataset>(1, [](const SampleKey&) { throw SampleError("sample 0", "is bad"); }),
      bad);
  EXPECT_THAT(
      [&] {
        load(loader, {1, 0, 0});
      },
      ::testing::ThrowsMessage<DataError>(::testing::HasSubstr("the only sample of its set")));
}

}  // namespace
}  // namespace feedline
