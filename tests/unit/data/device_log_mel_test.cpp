#include "mel_goldens.hpp"
#include "test_device.hpp"
#include "wave_batches.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/audio/device_log_mel.hpp>
#include <feedline/device/host_runtime.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace feedline {
namespace {

using testing::expect_same_mels;
using testing::Mels;
using testing::mels_by_log_mel;
using testing::noisy_waves;
using testing::Waves;

class DeviceLogMelTest : public testing::OnDevice {
 protected:
  template <class T>
  std::unique_ptr<DeviceMemory> upload(const std::vector<T>& values) {
    auto memory = runtime_->allocate(std::max<std::size_t>(1, values.size() * sizeof(T)));
    stream_->copy(memory->bytes().data(), reinterpret_cast<const std::byte*>(values.data()),
                  values.size() * sizeof(T));
    stream_->wait();
    return memory;
  }

  template <class T>
  std::vector<T> download(const DeviceMemory& memory) {
    const auto bytes = read(memory.bytes());
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }

  Mels run(DeviceLogMel& log_mel, const Waves& waves, std::uint32_t room) {
    const auto samples = upload(waves.waves);
    const auto lengths = upload(waves.lengths);
    const auto masks = upload(waves.masks);
    const auto mels =
        upload(std::vector<float>(waves.rows() * std::size_t{log_mel.spec().n_mels} * room, -1000));
    const auto frames = runtime_->allocate(waves.rows() * sizeof(std::int64_t));
    log_mel.run({reinterpret_cast<const float*>(samples->bytes().data()),
                 reinterpret_cast<const std::int64_t*>(lengths->bytes().data()), waves.rows(), waves.samples,
                 waves.masks.empty() ? nullptr : reinterpret_cast<const MelMasks*>(masks->bytes().data())},
                {reinterpret_cast<float*>(mels->bytes().data()),
                 reinterpret_cast<std::int64_t*>(frames->bytes().data()), room},
                *stream_);
    return {download<float>(*mels), download<std::int64_t>(*frames)};
  }

  void expect_same(DeviceLogMel& log_mel, const Waves& waves, std::uint32_t more_room = 0) {
    const MelSpec& spec = log_mel.spec();
    const auto room = static_cast<std::uint32_t>(mel_frames(spec, waves.samples)) + more_room;
    expect_same_mels(run(log_mel, waves, room), mels_by_log_mel(spec, waves, room), spec, waves);
  }
};

class DeviceLogMelPresets : public DeviceLogMelTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(DeviceLogMelPresets, AreThoseOfLogMelForEveryLength) {
  const MelSpec spec = mel_preset(GetParam());
  const Waves waves = testing::waves_of_edge_lengths(spec);
  const auto log_mel = make_device_log_mel(spec, {waves.rows(), waves.samples}, *runtime_);
  expect_same(*log_mel, waves, 5);
}

TEST_P(DeviceLogMelPresets, CutOffWhatIsFarBelowTheLoudest) {
  const MelSpec spec = mel_preset(GetParam());
  const Waves waves = testing::half_silent_waves(8 * spec.n_fft);
  expect_same(*make_device_log_mel(spec, {waves.rows(), waves.samples}, *runtime_), waves);
}

INSTANTIATE_TEST_SUITE_P(Presets, DeviceLogMelPresets, ::testing::ValuesIn(mel_preset_names()),
                         [](const auto& given) { return testing::as_test_name(given.param); });

TEST_F(DeviceLogMelTest, BatchesOfManyFramesAreDoneInParts) {
  const MelSpec spec = mel_preset("hifigan-22k");
  std::vector<std::int64_t> lengths;
  for (std::int64_t row = 0; row < 50; ++row) lengths.push_back(100'000 - 1777 * row);
  const Waves waves = noisy_waves(100'000, lengths);
  expect_same(*make_device_log_mel(spec, {50, 100'000}, *runtime_), waves);
}

TEST_F(DeviceLogMelTest, WhatWasThereBeforeChangesNothing) {
  const MelSpec spec = mel_preset("whisper-16k-80");
  const auto log_mel = make_device_log_mel(spec, {5, 30'000}, *runtime_);
  expect_same(*log_mel, noisy_waves(30'000, {30'000, 100, 29'999, 20'000, 16'000}));
  expect_same(*log_mel, noisy_waves(9'000, {9'000, 8'500}), 40);
  expect_same(*log_mel, noisy_waves(30'000, {5'000}));
}

TEST_F(DeviceLogMelTest, MasksCoverTheirParts) {
  const MelSpec spec = mel_preset("kaldi-fbank");
  Waves waves = noisy_waves(9'000, {9'000, 8'500, 6'000, 7'000});
  testing::mask_some(waves, spec);
  expect_same(*make_device_log_mel(spec, {4, 9'000}, *runtime_), waves, 3);
}

TEST_F(DeviceLogMelTest, TransformsOfAnySize) {
  for (const std::uint32_t size : {16U, 60U, 100U, 640U, 32768U}) {
    MelSpec spec = mel_preset("tacotron2-22k");
    spec.n_fft = spec.win_length = size;
    spec.hop_length = size / 4;
    spec.n_mels = 4;
    spec.sample_rate = 8000;
    spec.f_max = 4000;
    check(spec);
    SCOPED_TRACE(size);
    expect_same(*make_device_log_mel(spec, {2, 3 * size}, *runtime_),
                noisy_waves(3 * size, {3 * size, 2 * size}));
  }
}

TEST_F(DeviceLogMelTest, ABatchWithoutRowsIsNothing) {
  const auto log_mel = make_device_log_mel(mel_preset("phone-8k"), {5, 30'000}, *runtime_);
  log_mel->run({nullptr, nullptr, 0, 30'000}, {nullptr, nullptr, 300}, *stream_);
  stream_->wait();
}

TEST_F(DeviceLogMelTest, WhatIsLargerThanWasSaidIsRefused) {
  const auto log_mel = make_device_log_mel(mel_preset("phone-8k"), {5, 12'800}, *runtime_);
  EXPECT_THROW(log_mel->run({nullptr, nullptr, 6, 12'800}, {nullptr, nullptr, 100}, *stream_), InternalError);
  EXPECT_THROW(log_mel->run({nullptr, nullptr, 5, 12'801}, {nullptr, nullptr, 101}, *stream_), InternalError);
  EXPECT_THROW(log_mel->run({nullptr, nullptr, 5, 12'800}, {nullptr, nullptr, 99}, *stream_), InternalError);
  EXPECT_THROW(make_device_log_mel(mel_preset("phone-8k"), {1 << 20, 1 << 30}, *runtime_), InternalError);
}

TEST_F(DeviceLogMelTest, AllIsAllocatedWhenItIsMade) {
  const auto log_mel = make_device_log_mel(mel_preset("nemo-asr-16k"), {3, 20'000}, *runtime_);
  const Waves waves = noisy_waves(20'000, {20'000, 4'000, 0});
  const std::size_t before = runtime_->bytes_held();
  expect_same(*log_mel, waves);
  EXPECT_EQ(runtime_->bytes_held(), before);
}

// On the stand-in; a GPU's stream never waits for the one who asks.
TEST(HostLogMel, NeverBlocks) {
  const auto runtime = open_device(Device::cpu());
  const auto log_mel = make_device_log_mel(mel_preset("phone-8k"), {1, 1280}, *runtime);
  HostStream stream;
  std::atomic<bool> let_go{false};
  std::vector<float> wave(1280, 0.5F), mel(80 * 10, -1000);
  const std::int64_t length = 1280;
  std::int64_t frames = -1;
  stream.run([&] { let_go.wait(false); });
  log_mel->run({wave.data(), &length, 1, 1280}, {mel.data(), &frames, 10}, stream);
  EXPECT_EQ(frames, -1);
  let_go = true;
  let_go.notify_all();
  stream.wait();
  EXPECT_EQ(frames, 10);
  EXPECT_THAT(mel, ::testing::Each(::testing::Gt(-1000)));
}

}  // namespace
}  // namespace feedline
