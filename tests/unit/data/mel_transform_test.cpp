#include "lcg_noise.hpp"
#include "test_device.hpp"
#include "wave_batches.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/audio/mel_transform.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using ::testing::ElementsAre;
using testing::expect_same_mels;
using testing::mels_by_log_mel;
using testing::noisy_waves;
using testing::Waves;

const MelSpec& spec() {
  static const MelSpec phone = mel_preset("phone-8k");
  return phone;
}

BatchShape wave_shape(std::uint32_t rows, std::int64_t samples) {
  return {rows,
          {{"tokens", DType::kInt64, {7}},
           {"wave", DType::kFloat32, {samples}},
           {"wave_length", DType::kInt64, {}},
           {"label", DType::kInt64, {}}}};
}

template <class T>
std::vector<T> values(const std::vector<std::byte>& bytes) {
  std::vector<T> all(bytes.size() / sizeof(T));
  std::memcpy(all.data(), bytes.data(), bytes.size());
  return all;
}

BatchSpec masked_spec() {
  BatchShape shape = wave_shape(3, 6'000);
  shape.tensors.push_back({"masks", DType::kInt32, {4, 2}});
  return BatchSpec(std::vector{shape});
}

class MelTransformTest : public testing::OnDevice {
 protected:
  void SetUp() override {
    OnDevice::SetUp();
    if (!runtime_) return;
    make(BatchSpec(std::vector{wave_shape(5, 2'000), wave_shape(3, 6'000)}));
  }

  void make(BatchSpec waves_spec) {
    waves_spec_ = std::move(waves_spec);
    transform_ = make_mel_transform(waves_spec_, spec(), *runtime_);
    host_.resize(waves_spec_.slot_bytes());
    from_header_.resize(waves_spec_.header_bytes());
    to_header_.resize(transform_->makes().header_bytes());
    from_block_ = runtime_->allocate(waves_spec_.slot_bytes());
    to_block_ = runtime_->allocate(transform_->makes().slot_bytes());
  }

  /// A batch of these waves, on the device; it was planned with a row more.
  Slot upload(const Waves& waves, std::uint32_t shape) {
    const Slot slot(host_.data(), waves_spec_);
    slot.begin({Split::kVal, true, 41, 3, 17, waves.rows() + 1, shape});
    for (std::uint32_t row = 0; row < waves.rows() + 1; ++row) slot.sample_ids()[row] = 100 + row;
    slot.notes()[0].bad_id = 77;
    for (std::uint32_t row = 0; row < waves.rows(); ++row) {
      std::memset(slot.row(0, row).data(), static_cast<int>(row + 1), slot.row(0, row).size());
      std::memcpy(slot.row(1, row).data(), waves.waves.data() + row * waves.samples, slot.row(1, row).size());
      std::memcpy(slot.row(2, row).data(), &waves.lengths[row], sizeof(std::int64_t));
      std::memset(slot.row(3, row).data(), static_cast<int>(row + 9), slot.row(3, row).size());
      if (!waves.masks.empty()) std::memcpy(slot.row(4, row).data(), &waves.masks[row], sizeof(MelMasks));
      slot.check_row(row);
    }
    std::vector<std::uint8_t> dropped(waves.rows() + 1, 0);
    dropped.back() = 1;
    slot.drop_rows(dropped);
    slot.seal(ChecksumKind::kHash);
    std::memcpy(from_header_.data(), host_.data(), from_header_.size());
    stream_->copy(from_block_->bytes().data(), host_.data(), host_.size());
    stream_->wait();
    return Slot(from_header_.data(), waves_spec_)
        .with_tensors_on(runtime_->device(), from_block_->bytes().data());
  }

  Slot target() {
    return Slot(to_header_.data(), transform_->makes())
        .with_tensors_on(runtime_->device(), to_block_->bytes().data());
  }

  /// The batch's rows of a tensor.
  std::vector<std::byte> tensor(const Slot& slot, const char* name) {
    const std::size_t index = slot.layout().index(name);
    return read({slot.tensor(index), slot.header().count * slot.layout().tensors()[index].sample_bytes()});
  }

  BatchSpec waves_spec_;
  std::unique_ptr<DeviceTransform> transform_;
  std::vector<std::byte> host_, from_header_, to_header_;
  std::unique_ptr<DeviceMemory> from_block_, to_block_;
};

TEST_F(MelTransformTest, WavesBecomeSpectrogramsAndTheRestStays) {
  for (const std::uint32_t shape : {0U, 1U}) {
    const Waves waves =
        shape == 0 ? noisy_waves(2'000, {2'000, 1'000, 1'999}) : noisy_waves(6'000, {3'000, 6'000});
    const Slot from = upload(waves, shape), to = target();
    transform_->run(from, to, *stream_);
    const auto room = static_cast<std::uint32_t>(mel_frames(spec(), waves.samples));
    expect_same_mels({values<float>(tensor(to, "mel")), values<std::int64_t>(tensor(to, "lengths"))},
                     mels_by_log_mel(spec(), waves, room), spec(), waves);
    EXPECT_EQ(tensor(to, "tokens"), tensor(from, "tokens"));
    EXPECT_EQ(tensor(to, "label"), tensor(from, "label"));
    EXPECT_NE(tensor(to, "label"), std::vector<std::byte>(waves.rows() * sizeof(std::int64_t)));
  }
}

TEST_F(MelTransformTest, MasksAreUsedUp) {
  make(masked_spec());
  Waves waves = noisy_waves(6'000, {3'000, 6'000});
  testing::mask_some(waves, spec());
  const Slot from = upload(waves, 0), to = target();
  transform_->run(from, to, *stream_);
  const auto room = static_cast<std::uint32_t>(mel_frames(spec(), waves.samples));
  expect_same_mels({values<float>(tensor(to, "mel")), values<std::int64_t>(tensor(to, "lengths"))},
                   mels_by_log_mel(spec(), waves, room), spec(), waves);
  EXPECT_EQ(tensor(to, "label"), tensor(from, "label"));
  EXPECT_FALSE(to.layout().has("masks"));
}

TEST_F(MelTransformTest, TheHeaderTellsOfTheNewBatchAtOnce) {
  const Slot from = upload(noisy_waves(6'000, {3'000, 6'000}), 1), to = target();
  transform_->run(from, to, *stream_);
  to.verify(41);
  EXPECT_EQ(to.header().split, Split::kVal);
  EXPECT_EQ(to.header().last_of_split, 1);
  EXPECT_EQ(to.header().epoch, 3u);
  EXPECT_EQ(to.header().batch, 17u);
  EXPECT_EQ(to.header().count, 2u);
  EXPECT_EQ(to.header().planned, 3u);
  EXPECT_EQ(to.header().bucket, 1u);
  EXPECT_THAT(to.sample_ids(), ElementsAre(100, 101));
  EXPECT_EQ(to.notes()[0].bad_id, 77u);
  EXPECT_EQ(to.damaged_row(), std::nullopt) << "checksums are those of the waves";
  EXPECT_EQ(to.device(), runtime_->device());
  stream_->wait();
}

TEST_F(MelTransformTest, ABatchWithoutRowsIsOneToo) {
  const Slot from = upload(noisy_waves(2'000, {}), 0), to = target();
  transform_->run(from, to, *stream_);
  to.verify(41);
  EXPECT_EQ(to.header().count, 0u);
  stream_->wait();
}

TEST_F(MelTransformTest, SlotsOfOtherBatchesAreRefused) {
  const Slot from = upload(noisy_waves(2'000, {2'000}), 0);
  EXPECT_THROW(transform_->run(from, from, *stream_), InternalError);
  EXPECT_THROW(transform_->run(target(), target(), *stream_), InternalError);
}

TEST(MelBatches, HaveSpectrogramsInThePlaceOfWaves) {
  const BatchSpec made =
      mel_batches(BatchSpec(std::vector{wave_shape(5, 2'000), wave_shape(3, 6'000)}), spec());
  ASSERT_EQ(made.shapes(), 2u);
  EXPECT_EQ(made.layout(1).capacity(), 3u);
  EXPECT_THAT(
      made.layout(1).tensors(),
      ElementsAre(TensorSpec{"tokens", DType::kInt64, {7}}, TensorSpec{"mel", DType::kFloat32, {80, 46}},
                  TensorSpec{"lengths", DType::kInt64, {}}, TensorSpec{"label", DType::kInt64, {}}));
}

TEST(MelBatches, HaveMasksLast) {
  EXPECT_EQ(mel_batches(masked_spec(), spec()).layout().tensors().size(), 4u);
  auto tensors = masked_spec().layout().tensors();
  std::swap(tensors[3], tensors[4]);
  EXPECT_THROW(mel_batches(BatchSpec(3, tensors), spec()), InternalError);
}

TEST(MelBatches, NeedWaves) {
  EXPECT_THROW(mel_batches(BatchSpec(2, {{"wave", DType::kFloat32, {80}}}), spec()), InternalError);
  EXPECT_THROW(
      mel_batches(BatchSpec(2, {{"wave", DType::kUInt8, {80}}, {"wave_length", DType::kInt64, {}}}), spec()),
      InternalError);
}

}  // namespace
}  // namespace feedline
