#include "audio/mel/log_mel.hpp"

#include "decode_error.hpp"
#include "lcg_noise.hpp"
#include "mel_goldens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

std::vector<float> mel_of(const LogMel& log_mel, const std::vector<float>& wave, std::size_t stride = 0) {
  LogMel::Scratch scratch;
  if (stride == 0) stride = mel_frames(log_mel.spec(), wave.size());
  std::vector<float> out(stride * log_mel.spec().n_mels, -1000);
  log_mel.compute(wave, scratch, out, stride);
  return out;
}

class LogMelGolden : public ::testing::TestWithParam<std::string> {};

TEST_P(LogMelGolden, IsWhatThePresetsOwnProjectMakes) {
  const auto goldens = testing::read_mel_goldens(GetParam());
  ASSERT_FALSE(goldens.empty());
  const LogMel log_mel(mel_preset(GetParam()));
  for (const testing::MelGolden& golden : goldens) {
    SCOPED_TRACE(golden.signal + " of " + std::to_string(golden.samples));
    ASSERT_EQ(mel_frames(log_mel.spec(), golden.samples), golden.frames);
    const auto mel = mel_of(log_mel, testing::golden_signal(golden.signal, golden.samples));
    for (std::size_t i = 0; i < mel.size(); ++i)
      ASSERT_NEAR(mel[i], golden.mel[i], testing::mel_tolerance(golden.mel, golden.frames, i, log_mel.spec()))
          << "band " << i / golden.frames << " frame " << i % golden.frames;
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, LogMelGolden,
                         ::testing::Values("hifigan-22k", "phone-8k", "tacotron2-22k", "whisper-16k-80",
                                           "whisper-16k-128", "kaldi-fbank", "nemo-tts-22k", "coqui-22k",
                                           "xtts-dvae-22k", "espnet-tts-22k", "nemo-asr-16k",
                                           "speechbrain-fbank"),
                         [](const auto& given) { return testing::as_test_name(given.param); });

TEST(LogMel, FillsUpWithThePaddingValue) {
  const MelSpec spec = mel_preset("phone-8k");
  const LogMel log_mel(spec);
  const auto wave = testing::lcg_noise(3000);
  const std::size_t frames = mel_frames(spec, wave.size()), stride = frames + 5;
  const auto tight = mel_of(log_mel, wave), wide = mel_of(log_mel, wave, stride);
  for (std::size_t band = 0; band < spec.n_mels; ++band) {
    for (std::size_t i = 0; i < stride; ++i)
      ASSERT_EQ(wide[band * stride + i], i < frames ? tight[band * frames + i] : spec.pad_value);
  }
}

// Silence must be what batches are padded with, but for presets whose projects pad otherwise.
TEST(LogMel, PaddingIsSilence) {
  for (const char* preset : {"hifigan-22k", "phone-8k", "tacotron2-22k", "whisper-16k-80", "coqui-22k",
                             "nemo-tts-22k", "speechbrain-fbank", "xtts-dvae-22k"}) {
    const LogMel log_mel(mel_preset(preset));
    for (const float value : mel_of(log_mel, std::vector<float>(4000, 0.0F)))
      ASSERT_NEAR(value, log_mel.spec().pad_value, 1e-3) << preset;
  }
}

TEST(LogMel, WhatWasComputedBeforeChangesNothing) {
  const LogMel log_mel(mel_preset("whisper-16k-80"));
  const auto wave = testing::lcg_noise(5000);
  const auto fresh = mel_of(log_mel, wave);
  LogMel::Scratch scratch;
  const auto long_wave = testing::lcg_noise(40000);
  std::vector<float> other(80 * mel_frames(log_mel.spec(), 40000)), again(fresh.size());
  log_mel.compute(long_wave, scratch, other, mel_frames(log_mel.spec(), 40000));
  log_mel.compute(wave, scratch, again, fresh.size() / 80);
  EXPECT_EQ(again, fresh);
}

TEST(LogMel, ManyThreadsShareOne) {
  const LogMel log_mel(mel_preset("kaldi-fbank"));
  const auto wave = testing::lcg_noise(20000);
  const auto expected = mel_of(log_mel, wave);
  std::vector<std::vector<float>> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) threads.emplace_back([&] { result = mel_of(log_mel, wave); });
  }
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

TEST(LogMel, TooShortIsRefused) {
  for (const std::string& preset : mel_preset_names()) {
    const LogMel log_mel(mel_preset(preset));
    const std::size_t least = samples_needed(log_mel.spec());
    if (least > 1) {
      LogMel::Scratch scratch;
      std::vector<float> out(80000);
      EXPECT_THROW(log_mel.compute(testing::lcg_noise(least - 1), scratch, out, 100), DecodeError) << preset;
    }
    EXPECT_GE(mel_frames(log_mel.spec(), least), 1U) << preset;
    mel_of(log_mel, testing::lcg_noise(least));
  }
}

// Lengths of transforms with every factor: against the sum that a transform is.
TEST(LogMel, TransformsOfManyLengths) {
  for (const std::uint32_t size : {16U, 20U, 24U, 60U, 100U, 128U, 180U, 400U, 640U}) {
    MelSpec spec = mel_preset("tacotron2-22k");
    spec.n_fft = spec.win_length = size;
    spec.hop_length = size / 4;
    spec.n_mels = 4;
    spec.sample_rate = 8000;
    spec.f_max = 4000;
    spec.power = true;
    spec.log_floor = 1e-20;
    check(spec);
    const LogMel log_mel(spec);
    const auto wave = testing::lcg_noise(2 * size);
    const auto mel = mel_of(log_mel, wave);
    const std::size_t frames = mel_frames(spec, wave.size());
    const MelFilters filters = make_mel_filters(spec);
    const std::size_t frame = 4;  // lies wholly inside the wave
    for (std::size_t band = 0; band < spec.n_mels; ++band) {
      double sum = 0;
      for (std::uint32_t i = 0; i < filters.bands[band].bins; ++i) {
        double re = 0, im = 0;
        for (std::uint32_t n = 0; n < size; ++n) {
          const double value =
              wave[frame * spec.hop_length - size / 2 + n] * (0.5 - 0.5 * std::cos(2 * M_PI * n / size));
          const double angle = 2 * M_PI * (filters.bands[band].first_bin + i) * n / size;
          re += value * std::cos(angle);
          im -= value * std::sin(angle);
        }
        sum += (re * re + im * im) * filters.weights[filters.bands[band].first_weight + i];
      }
      if (sum > 0) {
        EXPECT_NEAR(mel[band * frames + frame], std::log(sum), 1e-3) << size << " band " << band;
      }
    }
  }
}

}  // namespace
}  // namespace feedline
