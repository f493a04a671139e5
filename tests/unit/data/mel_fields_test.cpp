#include "audio/mel/mel_fields.hpp"

#include "audio/mel/log_mel.hpp"
#include "lcg_noise.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

MelSpec changed(std::string_view list, const char* preset = "hifigan-22k") {
  MelSpec spec = mel_preset(preset);
  set_mel_fields(spec, list);
  return spec;
}

/// "name=value" of all fields with all their values; numbers are 0.5.
std::vector<std::string> all_items() {
  std::vector<std::string> items;
  const std::string text = mel_fields_text();
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start), sign = text.find('=', start);
    const std::string name = text.substr(start + 2, sign - start - 2);
    for (std::size_t at = sign + 1; at < end;) {
      const std::size_t stop = std::min(text.find(", ", at), end);
      const std::string value = text.substr(at, stop - at);
      items.push_back(name + "=" + (value == "a number" ? "0.5" : value));
      at = stop + 2;
    }
    start = end + 1;
  }
  return items;
}

TEST(MelFields, AreSet) {
  const MelSpec spec = changed(
      "window=povey,padding=zero,power=true,log=log10,log-floor=1e-8,normalisation=top-db,pad-value=-8");
  EXPECT_EQ(spec.window, MelWindow::kPovey);
  EXPECT_EQ(spec.padding, MelPadding::kZero);
  EXPECT_TRUE(spec.power);
  EXPECT_EQ(spec.log, MelLog::kLog10);
  EXPECT_DOUBLE_EQ(spec.log_floor, 1e-8);
  EXPECT_EQ(spec.normalisation, MelNormalisation::kTopDb);
  EXPECT_FLOAT_EQ(spec.pad_value, -8);
  EXPECT_EQ(changed(""), mel_preset("hifigan-22k"));
}

// One preset with its fields overridden is another, to the last number.
TEST(MelFields, MakeOnePresetOfAnother) {
  EXPECT_EQ(changed("pad-amount=half-transform,frames=centred,power-added=0"), mel_preset("tacotron2-22k"));
  EXPECT_EQ(changed("power=true,scale=htk", "tacotron2-22k"), mel_preset("xtts-dvae-22k"));
}

TEST(MelFields, EveryValueOfEveryFieldCounts) {
  std::set<std::string> texts, names;
  const auto items = all_items();
  for (const std::string& item : items) {
    names.insert(item.substr(0, item.find('=')));
    texts.insert(to_text(changed(item, "hifigan-22k")));
  }
  EXPECT_EQ(names.size(), 17U);
  EXPECT_EQ(items.size(), 41U);
  // Each field has one value that the preset has already; those give one text.
  EXPECT_EQ(texts.size(), items.size() - (names.size() - 4) + 1);  // 4 numbers are none of the preset's
}

// Whatever goes together must have a finite spectrogram from the fewest samples on, also of silence.
TEST(MelFields, EverySpectrogramIsFinite) {
  for (const char* preset : {"hifigan-22k", "kaldi-fbank"}) {
    for (const std::string& one : all_items()) {
      for (const std::string& other : {std::string("power=true"), std::string("frames=rounded"),
                                       std::string("padding=zero"), std::string("pre-emphasis=wave")}) {
        const MelSpec spec = changed(one + "," + other, preset);
        try {
          check(spec);
        } catch (const UsageError&) {
          continue;
        }
        const LogMel log_mel(spec);
        const std::size_t least = samples_needed(spec);
        for (const auto& wave : {testing::lcg_noise(least), std::vector<float>(least, 0.0F)}) {
          const std::size_t frames = mel_frames(spec, wave.size());
          ASSERT_GE(frames, 1U) << one;
          std::vector<float> mel(frames * spec.n_mels);
          LogMel::Scratch scratch;
          log_mel.compute(wave, scratch, mel, frames);
          for (const float value : mel) ASSERT_TRUE(std::isfinite(value)) << preset << " " << one;
        }
      }
    }
  }
}

TEST(MelFields, WhatThereIsNotIsNamed) {
  const auto refused = [](std::string_view list, auto what) {
    EXPECT_THAT([&] { changed(list); }, ThrowsMessage<UsageError>(what)) << list;
  };
  refused("windov=hann", AllOf(HasSubstr("windov=hann"), HasSubstr("window=hann, hann-symmetric")));
  refused("window", HasSubstr("is no field with a value"));
  refused("power=true,,log=ln", HasSubstr("\"\""));
  refused("window=blackman", HasSubstr("there are hann"));
  refused("log-floor=small", HasSubstr("give a number"));
  refused("pad-value=inf", HasSubstr("give a number"));
}

TEST(MelFields, WhatDoesNotGoTogetherIsRefused) {
  for (const char* list : {"log-floor=0", "log-floor=1e-60", "log-floor=1e99", "log-floor=-1",
                           "power-added=-1", "power-floor=-1", "scale=kaldi"})
    EXPECT_THROW(check(changed(list)), UsageError) << list;
}

}  // namespace
}  // namespace feedline
