#include "loading.hpp"

#include <feedline/data/open_data.hpp>

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

namespace feedline {
namespace {

TEST(FashionMnist, IsReadAsItIs) {
  DataOptions options;
  options.train_data = "/usr/share/datasets/fashion-mnist";  // of Debian's dataset-fashion-mnist
  if (!std::filesystem::exists(options.train_data)) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  const DataSplits data = open_data(options);
  EXPECT_EQ(data.info.task, Task::kImage);
  EXPECT_EQ(data.train->size(), 60'000u);
  EXPECT_EQ(data.val->size(), 10'000u);
  EXPECT_EQ(data.info.classes, 10u);
  EXPECT_EQ(data.info.tensors[0].shape, (std::vector<std::int64_t>{1, 28, 28}));
  ASSERT_EQ(data.info.normalization.mean.size(), 1u);
  EXPECT_NEAR(data.info.normalization.mean[0], 0.2860, 5e-5);
  EXPECT_NEAR(data.info.normalization.std[0], 0.3530, 5e-5);
  std::array<int, 10> counts{};
  for (std::uint64_t id = 0; id < data.val->size(); ++id)
    ++counts.at(static_cast<std::size_t>(testing::load(*data.val, {0, 0, id}).label));
  for (const int count : counts) EXPECT_EQ(count, 1000);
}

}  // namespace
}  // namespace feedline
