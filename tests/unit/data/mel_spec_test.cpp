#include <feedline/common/errors.hpp>
#include <feedline/data/audio/mel_spec.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

TEST(MelSpec, EveryPresetHolds) {
  std::set<std::string> texts;
  for (const std::string& name : mel_preset_names()) {
    check(mel_preset(name));
    EXPECT_TRUE(texts.insert(to_text(mel_preset(name))).second) << name << " is another preset's equal";
  }
}

TEST(MelSpec, AnUnknownPresetNamesThoseThatThereAre) {
  EXPECT_THAT([] { mel_preset("hifigan"); },
              ThrowsMessage<UsageError>(HasSubstr("hifigan-22k, tacotron2-22k")));
}

TEST(MelSpec, FramesFollowThePresetsRule) {
  EXPECT_EQ(mel_frames(mel_preset("hifigan-22k"), 22050), 22050 / 256);
  EXPECT_EQ(mel_frames(mel_preset("tacotron2-22k"), 22050), 1 + 22050 / 256);
  EXPECT_EQ(mel_frames(mel_preset("whisper-16k-80"), 480000), 3000);
  EXPECT_EQ(mel_frames(mel_preset("kaldi-fbank"), 16000), 100);
  EXPECT_EQ(mel_frames(mel_preset("kaldi-fbank"), 16079), 100);
  EXPECT_EQ(mel_frames(mel_preset("kaldi-fbank"), 16080), 101);
}

TEST(MelSpec, OneSampleMoreThanTheMostIsOneFrameMore) {
  for (const std::string& name : mel_preset_names()) {
    const MelSpec spec = mel_preset(name);
    for (const std::uint64_t frames : {1, 2, 500}) {
      EXPECT_EQ(mel_frames(spec, most_samples(spec, frames)), frames) << name;
      EXPECT_EQ(mel_frames(spec, most_samples(spec, frames) + 1), frames + 1) << name;
    }
  }
}

TEST(MelSpec, EveryFieldIsInTheText) {
  const MelSpec base = mel_preset("hifigan-22k");
  const std::vector<std::function<void(MelSpec&)>> changes = {[](MelSpec& s) { s.sample_rate = 16000; },
                                                              [](MelSpec& s) { s.hop_length = 200; },
                                                              [](MelSpec& s) { s.f_min = 20; },
                                                              [](MelSpec& s) { s.padding = MelPadding::kZero; },
                                                              [](MelSpec& s) { s.power = true; },
                                                              [](MelSpec& s) { s.area_norm = false; },
                                                              [](MelSpec& s) { s.log_floor = 1e-6; },
                                                              [](MelSpec& s) { s.floor_is_added = true; },
                                                              [](MelSpec& s) { s.pad_value = 1; },
                                                              [](MelSpec& s) { s.normalisation = MelNormalisation::kTopDb; }};
  for (const auto& change : changes) {
    MelSpec other = base;
    change(other);
    EXPECT_NE(to_text(other), to_text(base));
  }
}

TEST(MelSpec, TextOfAllFieldsReadsBack) {
  for (const std::string& name : mel_preset_names()) {
    const MelSpec spec = mel_preset(name);
    EXPECT_EQ(mel_spec_from(to_text(spec)), spec) << name << ": " << to_text(spec);
  }
  EXPECT_THAT(to_text(mel_preset("hifigan-22k")), StartsWith("sample-rate=22050,n-fft=1024,"));
  EXPECT_THROW(mel_spec_from("colour=red"), UsageError);
  EXPECT_THROW(mel_spec_from("n-fft=many"), UsageError);
}

TEST(MelSpec, FieldsThatDoNotGoTogetherAreNamed) {
  const auto refuse = [](auto change, const char* flag) {
    MelSpec spec = mel_preset("hifigan-22k");
    change(spec);
    EXPECT_THAT([&] { check(spec); }, ThrowsMessage<UsageError>(HasSubstr(flag)));
  };
  refuse([](MelSpec& s) { s.f_max = 12000; }, "--f-max");
  refuse([](MelSpec& s) { s.win_length = 2048; }, "--win-length");
  refuse([](MelSpec& s) { s.n_fft = 1022; }, "--n-fft");
  refuse([](MelSpec& s) { s.hop_length = 2000; }, "--hop-length");
  refuse([](MelSpec& s) { s.n_mels = 600; }, "--n-mels");
  refuse([](MelSpec& s) { s.f_min = 9000; }, "--f-min");
}

}  // namespace
}  // namespace feedline
