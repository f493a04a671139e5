#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/limits.hpp"
#include "flags/members.hpp"

#include <feedline/data/audio/mel_spec.hpp>

#include <fmt/ranges.h>

#include <algorithm>

namespace feedline::config {
namespace {

constexpr double kLongestClip = 600;

template <class Value>
Field count(Value SoundOptions::*member) {
  return whole(in_sound(member), 1, kLargestCount);
}

template <class Value>
Field frequency(Value SoundOptions::*member) {
  return real(in_sound(member), from(0), "a frequency in Hz");
}

std::string parse_preset(const GivenFlag& given) {
  const auto names = mel_preset_names();
  if (given.text != "auto" && std::find(names.begin(), names.end(), given.text) == names.end())
    throw_bad_value(given, fmt::format("auto, {}", fmt::join(names, ", ")));
  return given.text;
}

Field mel_device() {
  using enum MelDevice;
  return choice(&Options::mel_device, {{"auto", kAuto}, {"cpu", kCpu}, {"gpu", kGpu}});
}

}  // namespace

FlagGroup audio_flags() {
  using enum OnResume;
  return {
      "Audio and speech",
      {Flag{"mel-preset", "P", kMustMatch,
            "spectrogram: auto (by sample rate) or a preset, see docs/speech.md",
            parsed(in_sound(&SoundOptions::preset), parse_preset)},
       Flag{"sample-rate", "HZ", kMustMatch, "recordings are resampled to this",
            count(&SoundOptions::sample_rate), "the preset's"},
       Flag{"n-fft", "N", kMustMatch, "samples a transform", count(&SoundOptions::n_fft), "the preset's"},
       Flag{"win-length", "N", kMustMatch, "samples a window", count(&SoundOptions::win_length),
            "the preset's"},
       Flag{"hop-length", "N", kMustMatch, "samples from a window to the next",
            count(&SoundOptions::hop_length), "the preset's"},
       Flag{"n-mels", "N", kMustMatch, "mel bands", count(&SoundOptions::n_mels), "the preset's"},
       Flag{"f-min", "HZ", kMustMatch, "lowest frequency", frequency(&SoundOptions::f_min), "the preset's"},
       Flag{"f-max", "HZ", kMustMatch, "highest frequency", frequency(&SoundOptions::f_max), "the preset's"},
       Flag{"mel-fields", "LIST", kMustMatch, "others: window=hamming,power=true, see docs/speech.md",
            text(in_sound(&SoundOptions::fields)), "the preset's"},
       Flag{"mel-device", "D", kMayChange,
            "what makes spectrograms: the data rank's GPU, or the CPU; auto: the GPU where there is one",
            mel_device()},
       Flag{"channel", "N", kMustMatch, "channel that is used, from 0",
            whole(in_sound(&SoundOptions::channel), 0, kLargestCount), "the mean of all"},
       Flag{"keep-silent", "", kMustMatch, "recordings without any sound are samples too",
            toggle(in_sound(&SoundOptions::keep_silent))},
       Flag{"clip-seconds", "S", kMustMatch, "clips of the audio task are cut or padded to this",
            real(in_sound(&SoundOptions::clip_seconds), above(0).to(kLongestClip), "seconds")}}};
}

}  // namespace feedline::config
