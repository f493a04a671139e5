#include "image_input.hpp"

#include "fake_receiver.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cstring>
#include <memory>

namespace feedline {
namespace {

DataInfo two_channels() {
  DataInfo info;
  info.task = Task::kImage;
  info.tensors = {{"label", DType::kInt64, {}}, {"image", DType::kUInt8, {2, 3, 4}}};
  info.normalization = {{0.25f, 0.5f}, {0.5f, 0.125f}};
  return info;
}

/// Byte i of sample `id` is 10 * id + i; its label is id + 1.
void fill(const Slot& slot, std::uint32_t row, std::uint64_t id) {
  const auto picture = slot.row(1, row);
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<std::byte>(10 * id + i);
  const auto label = static_cast<std::int64_t>(id + 1);
  std::memcpy(slot.row(0, row).data(), &label, sizeof(label));
}

class ImageInputTest : public ::testing::Test {
 protected:
  const BatchSchedule schedule_{ScheduleOptions{.buckets = {{3, 5, 0}}}};
  testing::FakeReceiver receiver_{schedule_, two_channels().tensors, fill};
  const ImageInput input_{two_channels(), torch::kCPU};
};

TEST_F(ImageInputTest, NormalisesPerChannel) {
  const torch::Tensor pictures = input_.pictures(*receiver_.receive());
  ASSERT_EQ(pictures.sizes(), torch::IntArrayRef({3, 2, 3, 4}));
  EXPECT_NEAR(pictures[1][0][0][3].item<float>(), (13 / 255.0 - 0.25) / 0.5, 1e-6);
  EXPECT_NEAR(pictures[2][1][2][3].item<float>(), (43 / 255.0 - 0.5) / 0.125, 1e-6);
}

TEST_F(ImageInputTest, TakesOnlyTheRowsThatAreReal) {
  receiver_.receive();
  const auto lease = receiver_.receive();
  const Slot last = *lease;
  EXPECT_EQ(input_.pictures(last).size(0), 2);
  const torch::Tensor labels = input_.labels(last);
  ASSERT_EQ(labels.sizes(), torch::IntArrayRef({2}));
  EXPECT_EQ(labels[0].item<std::int64_t>(), 4);
  EXPECT_EQ(labels[1].item<std::int64_t>(), 5);
}

TEST_F(ImageInputTest, CopiesNoLabels) {
  const auto lease = receiver_.receive();
  const Slot batch = *lease;
  EXPECT_EQ(input_.labels(batch).data_ptr(), static_cast<void*>(batch.tensor(0)));
}

/// Pictures of five samples by the CPU's stand-in for a device.
torch::Tensor made_by_stream(ImageInput input, const Slot& batch, torch::ScalarType number,
                             bool channels_last) {
  const std::shared_ptr<Stream> stream = open_device(Device::cpu())->make_stream();
  input.make_pictures_by(stream, number, channels_last);
  torch::Tensor pictures = input.pictures(batch);
  stream->wait();
  return pictures;
}

TEST_F(ImageInputTest, AStreamMakesTheSamePicturesInOnePass) {
  const auto lease = receiver_.receive();
  const Slot batch = *lease;
  const torch::Tensor expected = input_.pictures(batch);
  for (const bool channels_last : {false, true}) {
    const torch::Tensor floats = made_by_stream(input_, batch, torch::kFloat, channels_last);
    EXPECT_TRUE(torch::equal(floats, expected)) << floats << expected;
    EXPECT_EQ(floats.is_contiguous(torch::MemoryFormat::ChannelsLast), channels_last);
    EXPECT_EQ(floats.is_contiguous(), !channels_last);
    for (const torch::ScalarType half : {torch::kBFloat16, torch::kHalf}) {
      const torch::Tensor halves = made_by_stream(input_, batch, half, channels_last);
      EXPECT_TRUE(torch::equal(halves, expected.to(half))) << halves << expected;
    }
  }
}

TEST_F(ImageInputTest, WritesOverThePicturesOfAnotherBatch) {
  ImageInput input = input_;
  const std::shared_ptr<Stream> stream = open_device(Device::cpu())->make_stream();
  input.make_pictures_by(stream, torch::kFloat, false);
  torch::Tensor to = torch::zeros({3, 2, 3, 4});
  const auto lease = receiver_.receive();
  const Slot batch = *lease;
  input.write_pictures(batch, to);
  stream->wait();
  EXPECT_TRUE(torch::equal(to, input_.pictures(batch)));
  to.zero_();
  input_.write_pictures(batch, to);
  EXPECT_TRUE(torch::equal(to, input_.pictures(batch)));
}

TEST(WantsChannelsLast, IfAConvolutionsWeightsLieSo) {
  const torch::Tensor planes = torch::zeros({8, 3, 5, 5}), bias = torch::zeros({8});
  const torch::Tensor pixels = planes.contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_FALSE(wants_channels_last({}));
  EXPECT_FALSE(wants_channels_last({bias, planes}));
  EXPECT_TRUE(wants_channels_last({bias, planes, pixels}));
  EXPECT_FALSE(wants_channels_last({torch::zeros({8, 3, 1, 1})})) << "both at once";
}

TEST_F(ImageInputTest, NeedsAMeanAndADeviationForEachChannel) {
  DataInfo info = two_channels();
  info.normalization.std.pop_back();
  EXPECT_THROW(ImageInput(info, torch::kCPU), InternalError);
}

}  // namespace
}  // namespace feedline
