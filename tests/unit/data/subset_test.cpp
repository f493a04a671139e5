#include "fake_dataset.hpp"
#include "loading.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/subset.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

namespace feedline {
namespace {

using testing::FakeDataset;
using testing::load;

constexpr std::uint64_t kSize = 1000;

class SubsetTest : public ::testing::Test {
 protected:
  DatasetPtr whole_ = std::make_shared<FakeDataset>(kSize, FakeDataset::Hook{}, 5000);
  Permutation order_{kSize, 1, 0, RandomPurpose::kSplit};
};

TEST_F(SubsetTest, TwoPartsAreDisjointAndComplete) {
  const Subset val(whole_, order_, 0, 100), train(whole_, order_, 100, 900);
  std::set<std::uint64_t> ids;
  for (const Subset* part : {&val, &train}) {
    for (std::uint64_t id = 0; id < part->size(); ++id)
      EXPECT_TRUE(ids.insert(part->sample_id(id)).second) << "twice";
  }
  EXPECT_EQ(ids.size(), kSize);
  EXPECT_EQ(*ids.begin(), 5000u);
  EXPECT_EQ(*ids.rbegin(), 5000u + kSize - 1);
}

TEST_F(SubsetTest, IsARandomPart) {
  const Subset val(whole_, order_, 0, 100);
  double sum = 0;
  for (std::uint64_t id = 0; id < val.size(); ++id) sum += static_cast<double>(val.sample_id(id) - 5000);
  EXPECT_NEAR(sum / 100, 500, 240);  // 8 sigma
}

TEST_F(SubsetTest, SamplesAreThoseOfTheWholeUnderTheirOwnIds) {
  const Subset part(whole_, order_, 100, 900);
  for (std::uint64_t id = 0; id < 50; ++id) {
    const std::uint64_t inner = part.sample_id(id) - 5000;
    EXPECT_EQ(load(part, {7, 3, id}), load(*whole_, {7, 3, inner}));
    EXPECT_EQ(part.describe(id), whole_->describe(inner));
  }
}

TEST_F(SubsetTest, OfASubsetStillUsesTheFirstIds) {
  const auto outer = std::make_shared<Subset>(whole_, order_, 100, 900);
  const Subset inner(outer, Permutation(900, 2, 0, RandomPurpose::kSplit), 0, 90);
  std::set<std::uint64_t> outer_ids;
  for (std::uint64_t id = 0; id < 900; ++id) outer_ids.insert(outer->sample_id(id));
  for (std::uint64_t id = 0; id < 90; ++id) {
    EXPECT_TRUE(outer_ids.contains(inner.sample_id(id)));
    EXPECT_EQ(load(inner, {7, 3, id}), load(*whole_, {7, 3, inner.sample_id(id) - 5000}));
  }
}

TEST_F(SubsetTest, PassesOnWhatTheWholeIs) {
  const Subset part(whole_, order_, 10, 20);
  EXPECT_EQ(part.size(), 20u);
  EXPECT_EQ(part.tensors(), whole_->tensors());
  EXPECT_EQ(part.classes(), whole_->classes());
}

/// A fake set with the parts that depend on ids.
class Examined final : public FakeDataset, private Audit, private StorageHints {
 public:
  using FakeDataset::FakeDataset;
  DatasetParts parts() const noexcept override { return {.hints = this, .audit = this}; }
  mutable std::uint64_t ahead = 0, forgotten = 0;

 private:
  std::uint64_t fingerprint() const override { return 7; }
  std::string check(std::uint64_t id) const override { return std::to_string(id); }
  void read_ahead(std::uint64_t id) const noexcept override { ahead = id; }
  void forget(std::uint64_t id) const noexcept override { forgotten = id; }
};

TEST_F(SubsetTest, OffersThePartsOfTheWholeForItsOwnIds) {
  const auto whole = std::make_shared<Examined>(kSize);
  const Subset part(whole, order_, 10, 20), other(whole, order_, 30, 20);
  for (std::uint64_t id = 0; id < part.size(); ++id) {
    EXPECT_EQ(part.parts().audit->check(id), std::to_string(order_(10 + id)));
    part.parts().hints->read_ahead(id);
    EXPECT_EQ(whole->ahead, order_(10 + id));
    part.parts().hints->forget(id);
    EXPECT_EQ(whole->forgotten, order_(10 + id));
  }
  EXPECT_NE(fingerprint_of(part), fingerprint_of(other));
  EXPECT_NE(fingerprint_of(part), fingerprint_of(*whole));
}

TEST_F(SubsetTest, HasNoPartsThatTheWholeLacks) {
  const DatasetParts parts = Subset(whole_, order_, 10, 20).parts();
  EXPECT_TRUE(parts.buckets == nullptr && parts.hints == nullptr && parts.cache == nullptr);
  EXPECT_TRUE(parts.audit == nullptr && parts.loads == nullptr);
}

TEST_F(SubsetTest, MayBeEmptyButNotOutside) {
  EXPECT_EQ(Subset(whole_, order_, 0, 0).size(), 0u);
  EXPECT_EQ(Subset(whole_, order_, kSize, 0).size(), 0u);
  EXPECT_THROW(Subset(whole_, order_, 1, kSize), InternalError);
  EXPECT_THROW(Subset(whole_, order_, kSize + 1, 0), InternalError);
  EXPECT_THROW(Subset(whole_, order_, 2, ~std::uint64_t{0}), InternalError);
  EXPECT_THROW(Subset(whole_, Permutation(10, 1, 0, RandomPurpose::kSplit), 0, 5), InternalError);
}

}  // namespace
}  // namespace feedline
