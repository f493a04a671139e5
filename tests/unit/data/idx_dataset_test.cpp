#include "idx_files.hpp"
#include "loading.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/image/idx_dataset.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::idx_bytes;
using testing::labels;
using testing::load;
using testing::Loaded;
using testing::noise;
using testing::TempFolder;
using ::testing::ThrowsMessage;

constexpr std::uint32_t kCount = 40;

class IdxDatasetTest : public ::testing::Test {
 protected:
  std::shared_ptr<const IdxImages> images(const std::string& pictures, const std::string& classes) const {
    return std::make_shared<IdxImages>(folder_.write("pictures", pictures), folder_.write("labels", classes));
  }
  std::shared_ptr<const IdxImages> example() const {
    return images(idx_bytes({kCount, 9, 11}, noise(kCount * 99)), idx_bytes({kCount}, labels(kCount, 7)));
  }

  TempFolder folder_;
};

TEST_F(IdxDatasetTest, DescribesItself) {
  const IdxDataset set(example(), Augment::kNone);
  EXPECT_EQ(set.size(), kCount);
  EXPECT_EQ(set.classes(), 7u);
  ASSERT_EQ(set.tensors().size(), 2u);
  EXPECT_EQ(set.tensors()[0], (TensorSpec{"image", DType::kUInt8, {1, 9, 11}}));
  EXPECT_EQ(set.tensors()[1], (TensorSpec{"label", DType::kInt64, {}}));
  EXPECT_EQ(set.describe(17), "pictures[17]");
  EXPECT_EQ(set.sample_id(17), 17u);
}

TEST_F(IdxDatasetTest, FourDimensionsHaveChannels) {
  const IdxDataset set(images(idx_bytes({2, 3, 4, 5}, noise(120)), idx_bytes({2}, labels(2))),
                       Augment::kNone);
  EXPECT_EQ(set.tensors()[0].shape, (std::vector<std::int64_t>{3, 4, 5}));
  EXPECT_EQ(load(set, {0, 0, 1}).data.size(), 60u);
}

TEST_F(IdxDatasetTest, WithoutAugmentationGivesTheFilesBytes) {
  const std::string values = noise(kCount * 99);
  const IdxDataset set(example(), Augment::kNone);
  for (std::uint64_t id = 0; id < kCount; ++id) {
    const Loaded sample = load(set, {5, 3, id});
    EXPECT_EQ(std::memcmp(sample.data.data(), values.data() + id * 99, 99), 0);
    EXPECT_EQ(sample.label, static_cast<std::int64_t>(id % 7));
  }
}

TEST_F(IdxDatasetTest, BasicDrawsCropThenFlipFromTheSamplesKey) {
  const auto pictures = example();
  const IdxDataset set(pictures, Augment::kBasic);
  int flips = 0;
  for (std::uint64_t id = 0; id < kCount; ++id) {
    Philox random(5, RandomPurpose::kAugment, 3, id);
    const std::int64_t top = random.next_below(5), left = random.next_below(5);
    const bool flip = random.next_float() < 0.5F;
    flips += flip ? 1 : 0;
    const Loaded sample = load(set, {5, 3, id});
    for (std::int64_t y = 0; y < 9; ++y) {
      for (std::int64_t x = 0; x < 11; ++x) {
        const std::int64_t from_y = y + top - 2, from_x = (flip ? 10 - x : x) + left - 2;
        const bool inside = from_y >= 0 && from_y < 9 && from_x >= 0 && from_x < 11;
        const std::byte expected =
            inside ? pictures->image(id)[static_cast<std::size_t>(from_y * 11 + from_x)] : std::byte{0};
        ASSERT_EQ(sample.data[static_cast<std::size_t>(y * 11 + x)], expected) << id << ' ' << y << ' ' << x;
      }
    }
  }
  EXPECT_GT(flips, 0);
  EXPECT_LT(flips, static_cast<int>(kCount));
}

TEST_F(IdxDatasetTest, AugmentationDependsOnSeedAndEpoch) {
  const IdxDataset set(example(), Augment::kBasic);
  const auto differing = [&](const SampleKey& a, const SampleKey& b) {
    int differ = 0;
    for (std::uint64_t id = 0; id < kCount; ++id)
      differ += load(set, {a.seed, a.epoch, id}) == load(set, {b.seed, b.epoch, id}) ? 0 : 1;
    return differ;
  };
  EXPECT_EQ(differing({1, 1, 0}, {1, 1, 0}), 0);
  EXPECT_GT(differing({1, 1, 0}, {2, 1, 0}), static_cast<int>(kCount) / 2);
  EXPECT_GT(differing({1, 1, 0}, {1, 2, 0}), static_cast<int>(kCount) / 2);
}

TEST_F(IdxDatasetTest, TheSameOnAnyThreadInAnyOrder) {
  const IdxDataset set(example(), Augment::kBasic);
  std::vector<Loaded> expected;
  for (std::uint64_t id = 0; id < kCount; ++id) expected.push_back(load(set, {9, 2, id}));
  const std::vector<std::uint64_t> steps = {1, 3, 7, 11};  // without a factor of kCount: each meets every id
  std::vector<std::vector<Loaded>> got(steps.size(), std::vector<Loaded>(kCount));
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < steps.size(); ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < kCount; ++i) {
        const std::uint64_t id = i * steps[thread] % kCount;
        got[thread][id] = load(set, {9, 2, id});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& samples : got) EXPECT_TRUE(samples == expected);
}

TEST_F(IdxDatasetTest, StrongIsNotThereYet) {
  EXPECT_THAT(
      [&] { IdxDataset(example(), Augment::kStrong); },
      ThrowsMessage<UsageError>(AllOf(HasSubstr("--augment strong is not there yet"), HasSubstr("basic"))));
}

TEST_F(IdxDatasetTest, DifferentNumbersAreRefusedWithBothFiles) {
  EXPECT_THAT(
      [&] {
        images(idx_bytes({3, 2, 2}, noise(12)), idx_bytes({4}, labels(4)));
      },
      ThrowsMessage<DataError>(AllOf(HasSubstr((folder_ / "pictures").string() + " holds 3"),
                                     HasSubstr((folder_ / "labels").string() + " holds 4"))));
}

TEST_F(IdxDatasetTest, SwappedFilesAreRefused) {
  const auto pictures = folder_.write("pictures", idx_bytes({3, 2, 2}, noise(12)));
  const auto classes = folder_.write("labels", idx_bytes({3}, labels(3)));
  EXPECT_THAT([&] { IdxImages(classes, pictures); },
              ThrowsMessage<DataError>(HasSubstr("check which file is which")));
}

TEST_F(IdxDatasetTest, LabelsUpTo255Count) {
  EXPECT_EQ(images(idx_bytes({2, 1, 1}, "ab"), idx_bytes({2}, "\xFF\x01"))->classes(), 256u);
  EXPECT_EQ(images(idx_bytes({2, 1, 1}, "ab"), idx_bytes({2}, std::string(2, '\0')))->classes(), 1u);
}

TEST_F(IdxDatasetTest, NormalizationIsThatOfEachChannel) {
  const std::string values = noise(5 * 2 * 21, 7);
  const Normalization got =
      images(idx_bytes({5, 2, 7, 3}, values), idx_bytes({5}, labels(5)))->normalization();
  ASSERT_EQ(got.mean.size(), 2u);
  ASSERT_EQ(got.std.size(), 2u);
  for (std::size_t channel = 0; channel < 2; ++channel) {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i / 21 % 2 != channel) continue;
      const double pixel = static_cast<std::uint8_t>(values[i]) / 255.0;
      sum += pixel;
      squares += pixel * pixel;
    }
    const double count = static_cast<double>(values.size()) / 2, mean = sum / count;
    EXPECT_NEAR(got.mean[channel], mean, 1e-6);
    EXPECT_NEAR(got.std[channel], std::sqrt(squares / count - mean * mean), 1e-6);
  }
}

TEST_F(IdxDatasetTest, AConstantChannelIsNotDividedByZero) {
  for (const char value : {'\0', '\x55', '\xFF'}) {
    const Normalization got =
        images(idx_bytes({3, 5, 5}, std::string(75, value)), idx_bytes({3}, labels(3)))->normalization();
    EXPECT_FLOAT_EQ(got.mean[0], static_cast<float>(static_cast<std::uint8_t>(value)) / 255.0F);
    EXPECT_EQ(got.std[0], 1.0F);
  }
}

TEST_F(IdxDatasetTest, ANearlyConstantChannelIsNotTakenForConstant) {
  std::string values(100 * 100 * 100, '\x80');
  values[5] = '\x81';
  const Normalization got =
      images(idx_bytes({100, 100, 100}, values), idx_bytes({100}, labels(100)))->normalization();
  EXPECT_NEAR(got.std[0], 1e-3 / 255, 1e-8);
}

}  // namespace
}  // namespace feedline
