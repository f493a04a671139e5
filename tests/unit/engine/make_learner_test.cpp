#include "toy_problem.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/engine/learner.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace feedline {
namespace {

using ::testing::HasSubstr;

template <typename Expected>
std::string error_of(const TrainSettings& options, const DataInfo& info = testing::toy_info()) {
  try {
    make_learner(options, info);
  } catch (const Expected& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(MakeLearner, SizesGrowAndAreNamed) {
  TrainSettings options;
  std::int64_t before = 0;
  const std::pair<ModelSize, std::string> sizes[] = {{ModelSize::kTiny, "tiny"},
                                                     {ModelSize::kSmall, "small"},
                                                     {ModelSize::kNormal, "normal"},
                                                     {ModelSize::kBig, "big"}};
  for (const auto& [size, name] : sizes) {
    options.model_size = size;
    const auto learner = make_learner(options, testing::toy_info());
    EXPECT_EQ(learner->model_name(), name);
    EXPECT_GT(learner->parameters(), 2 * before) << name;
    before = learner->parameters();
  }
}

TEST(MakeLearner, RefusesPrecisionsThatTheCpuHasNot) {
  for (const std::string precision : {"fp16", "tf32"}) {
    TrainSettings options;
    options.precision = precision;
    EXPECT_THAT(error_of<UsageError>(options), HasSubstr("--precision " + precision + " is for GPUs"));
    EXPECT_THAT(error_of<UsageError>(options), HasSubstr("--precision bf16"));
  }
}

TEST(MakeLearner, RefusesPicturesThatAreTooSmall) {
  DataInfo info = testing::toy_info();
  info.tensors[0].shape = {1, 7, 8};
  EXPECT_THAT(error_of<UsageError>({}, info), HasSubstr("at least 8 x 8 pixels; these have 7 x 8"));
}

TEST(MakeLearner, RefusesACudaDeviceWhereThereIsNone) {
  if (cuda_training_available()) GTEST_SKIP() << "this machine has a GPU";
  TrainSettings options;
  options.device = "cuda:0";
  EXPECT_THAT(error_of<DeviceError>(options), HasSubstr("--device cpu"));
}

TEST(MakeLearner, RefusesDataOfAnotherKind) {
  DataInfo info = testing::toy_info();
  info.tensors[0].dtype = DType::kFloat32;
  EXPECT_THAT(error_of<InternalError>({}, info), HasSubstr("uint8 [C,H,W]"));
  info = testing::toy_info();
  info.tensors.pop_back();
  EXPECT_THAT(error_of<InternalError>({}, info), HasSubstr("'label'"));
}

}  // namespace
}  // namespace feedline
