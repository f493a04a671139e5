#include <feedline/common/errors.hpp>
#include <feedline/data/audio/mel_spec.hpp>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

namespace feedline {
namespace {

constexpr float kLnSmall = -11.512925F;  // ln 1e-5

/// jik876/hifi-gan, meldataset.py and config_v1.json; the same in Matcha-TTS and icefall.
MelSpec hifigan() {
  MelSpec spec;
  spec.pad_amount = MelPadAmount::kHalfOverlap;
  spec.frames = MelFrames::kFloor;
  spec.power_added = 1e-9;
  spec.pad_value = kLnSmall;
  return spec;
}

/// The same for telephone recordings, with half of its time resolution.
MelSpec phone() {
  MelSpec spec = hifigan();
  spec.sample_rate = 8000;
  spec.n_fft = spec.win_length = 512;
  spec.hop_length = 128;
  spec.f_max = 4000;
  return spec;
}

/// NVIDIA/tacotron2, layers.py and audio_processing.py.
MelSpec tacotron2() {
  MelSpec spec;
  spec.pad_value = kLnSmall;
  return spec;
}

/// openai/whisper, audio.py.
MelSpec whisper(std::uint32_t bands) {
  MelSpec spec;
  spec.sample_rate = 16000;
  spec.n_fft = spec.win_length = 400;
  spec.hop_length = 160;
  spec.n_mels = bands;
  spec.frames = MelFrames::kFloor;
  spec.power = true;
  spec.log = MelLog::kLog10;
  spec.log_floor = 1e-10;
  spec.normalisation = MelNormalisation::kWhisper;
  spec.pad_value = -1.5F;
  return spec;
}

/// lhotse, features/kaldi/layers.py: Fbank with snip_edges=False and without dither.
MelSpec kaldi() {
  MelSpec spec;
  spec.sample_rate = 16000;
  spec.n_fft = 512;
  spec.win_length = 400;
  spec.hop_length = 160;
  spec.f_min = 20;
  spec.f_max = 7600;
  spec.window = MelWindow::kPovey;
  spec.window_first = true;
  spec.padding = MelPadding::kMirror;
  spec.pad_amount = MelPadAmount::kHalfWindowOverlap;
  spec.frames = MelFrames::kRounded;
  spec.remove_dc = true;
  spec.pre_emphasis = MelPreEmphasis::kFrame;
  spec.power = true;
  spec.scale = MelScale::kKaldi;
  spec.area_norm = false;
  spec.log_floor = 1.1920928955078125e-07;
  spec.pad_value = -23.025851F;  // ln 1e-10, as lhotse pads batches
  return spec;
}

/// NeMo, features.py and fastpitch_align_v1.05.yaml.
MelSpec nemo_tts() {
  MelSpec spec;
  spec.window = MelWindow::kHannSymmetric;
  spec.padding = MelPadding::kZero;
  spec.frames = MelFrames::kFloor;
  spec.floor_is_added = true;
  spec.pad_value = kLnSmall;
  return spec;
}

/// coqui-ai/TTS, numpy_transforms.py and the ljspeech fast_pitch recipe, without its trimming of silence.
MelSpec coqui() {
  MelSpec spec;
  spec.log_floor = 1e-8;
  spec.pad_value = -18.420681F;
  return spec;
}

/// coqui-ai/TTS, TorchMelSpectrogram in arch_utils.py, without the division by its file of channel norms.
MelSpec xtts_dvae() {
  MelSpec spec;
  spec.power = true;
  spec.scale = MelScale::kHtk;
  spec.pad_value = kLnSmall;
  return spec;
}

/// espnet2, log_mel_fbank.py and the ljspeech recipe.
MelSpec espnet_tts() {
  MelSpec spec;
  spec.f_min = 80;
  spec.f_max = 7600;
  spec.power_floor = 1e-10;
  spec.log = MelLog::kLog10;
  spec.log_floor = 1e-10;
  spec.pad_value = -10;
  return spec;
}

/// NeMo, features.py and conformer_ctc_bpe.yaml, without dither.
MelSpec nemo_asr() {
  MelSpec spec = kaldi();
  spec.f_min = 0;
  spec.f_max = 8000;
  spec.window = MelWindow::kHannSymmetric;
  spec.window_first = false;
  spec.padding = MelPadding::kZero;
  spec.pad_amount = MelPadAmount::kHalfTransform;
  spec.frames = MelFrames::kFloor;
  spec.remove_dc = false;
  spec.pre_emphasis = MelPreEmphasis::kWave;
  spec.scale = MelScale::kSlaney;
  spec.area_norm = true;
  spec.log_floor = 5.9604644775390625e-08;  // 2^-24
  spec.floor_is_added = true;
  spec.normalisation = MelNormalisation::kPerBand;
  spec.pad_value = 0;
  return spec;
}

/// speechbrain, processing/features.py and lobes/features.py.
MelSpec speechbrain() {
  MelSpec spec;
  spec.sample_rate = 16000;
  spec.n_fft = spec.win_length = 400;
  spec.hop_length = 160;
  spec.window = MelWindow::kHamming;
  spec.padding = MelPadding::kZero;
  spec.power = true;
  spec.scale = MelScale::kHtkSymmetric;
  spec.area_norm = false;
  spec.log = MelLog::kDecibel;
  spec.log_floor = 1e-10;
  spec.normalisation = MelNormalisation::kTopDb;
  spec.pad_value = -100;
  return spec;
}

const std::vector<std::pair<std::string, MelSpec>>& presets() {
  static const std::vector<std::pair<std::string, MelSpec>> all = {
      {"hifigan-22k", hifigan()},      {"tacotron2-22k", tacotron2()},
      {"whisper-16k-80", whisper(80)}, {"whisper-16k-128", whisper(128)},
      {"kaldi-fbank", kaldi()},        {"phone-8k", phone()},
      {"nemo-tts-22k", nemo_tts()},    {"coqui-22k", coqui()},
      {"xtts-dvae-22k", xtts_dvae()},  {"espnet-tts-22k", espnet_tts()},
      {"nemo-asr-16k", nemo_asr()},    {"speechbrain-fbank", speechbrain()}};
  return all;
}

void require(bool holds, const std::string& message) {
  if (!holds) throw UsageError(message);
}

/// The fewest with which `mel_frames` is not 0.
std::uint64_t samples_of_a_frame(const MelSpec& spec) noexcept {
  switch (spec.frames) {
    case MelFrames::kFloor:
      return spec.hop_length;
    case MelFrames::kRounded:
      return spec.hop_length - spec.hop_length / 2;
    case MelFrames::kCentred:
      break;
  }
  return 1;
}

bool has_only_small_factors(std::uint32_t number) noexcept {
  for (const std::uint32_t factor : {2U, 3U, 5U})
    while (number % factor == 0) number /= factor;
  return number == 1;
}

}  // namespace

MelSpec mel_preset(std::string_view name) {
  for (const auto& [known, spec] : presets())
    if (known == name) return spec;
  throw UsageError(
      fmt::format("--mel-preset {} is unknown. There are: {}.", name, fmt::join(mel_preset_names(), ", ")));
}

std::vector<std::string> mel_preset_names() {
  std::vector<std::string> names;
  for (const auto& [name, spec] : presets()) names.push_back(name);
  return names;
}

void check(const MelSpec& spec) {
  require(
      spec.n_fft >= 16 && spec.n_fft <= 32768 && spec.n_fft % 4 == 0 && has_only_small_factors(spec.n_fft),
      fmt::format(
          "--n-fft {} cannot be used: give 16 to 32768, a multiple of 4 without prime factors above 5, "
          "such as 400, 512 or 1024.",
          spec.n_fft));
  require(spec.win_length >= 2 && spec.win_length <= spec.n_fft,
          fmt::format("--win-length {} must be from 2 to --n-fft ({}).", spec.win_length, spec.n_fft));
  require(
      spec.hop_length >= 1 && spec.hop_length <= spec.win_length,
      fmt::format("--hop-length {} must be from 1 to --win-length ({}).", spec.hop_length, spec.win_length));
  require(spec.sample_rate >= 1000 && spec.sample_rate <= 384000,
          fmt::format("--sample-rate {} must be from 1000 to 384000 Hz.", spec.sample_rate));
  require(spec.f_min < spec.f_max && spec.f_max <= spec.sample_rate / 2.0,
          fmt::format("--f-min {} and --f-max {} must rise and stay up to half of --sample-rate ({} Hz).",
                      spec.f_min, spec.f_max, spec.sample_rate / 2.0));
  const auto within = [](double value, double least) { return value >= least && value <= 1e6; };
  require(within(spec.log_floor, 1e-37) && within(spec.power_added, 0) && within(spec.power_floor, 0),
          "--mel-fields: log-floor must be from 1e-37 to 1e6, power-added and power-floor from 0 to 1e6.");
  require(spec.scale != MelScale::kKaldi || !spec.area_norm,
          "--mel-fields: scale=kaldi goes with area-norm=false.");
  require(spec.n_mels >= 1 && spec.n_mels <= spec.n_fft / 2,
          fmt::format("--n-mels {} must be from 1 to half of --n-fft ({}).", spec.n_mels, spec.n_fft / 2));
}

std::string short_text(const MelSpec& spec) {
  return fmt::format("{} bands of {}-{} Hz at {} Hz, {} samples every {}", spec.n_mels, spec.f_min,
                     spec.f_max, spec.sample_rate, spec.win_length, spec.hop_length);
}

std::uint32_t pad_samples(const MelSpec& spec) noexcept {
  switch (spec.pad_amount) {
    case MelPadAmount::kHalfOverlap:
      return (spec.n_fft - spec.hop_length) / 2;
    case MelPadAmount::kHalfWindowOverlap:
      return (spec.win_length - spec.hop_length) / 2;
    case MelPadAmount::kHalfTransform:
      break;
  }
  return spec.n_fft / 2;
}

std::uint64_t mel_frames(const MelSpec& spec, std::uint64_t samples) noexcept {
  switch (spec.frames) {
    case MelFrames::kFloor:
      return samples / spec.hop_length;
    case MelFrames::kRounded:
      return (samples + spec.hop_length / 2) / spec.hop_length;
    case MelFrames::kCentred:
      break;
  }
  return 1 + samples / spec.hop_length;
}

std::uint64_t most_samples(const MelSpec& spec, std::uint64_t frames) noexcept {
  const std::uint64_t hop = spec.hop_length;
  switch (spec.frames) {
    case MelFrames::kFloor:
      return frames * hop + hop - 1;
    case MelFrames::kRounded:
      return frames * hop + hop - hop / 2 - 1;
    case MelFrames::kCentred:
      break;
  }
  return frames * hop - 1;
}

std::uint64_t samples_needed(const MelSpec& spec) noexcept {
  const std::uint64_t for_a_frame = samples_of_a_frame(spec);
  switch (spec.padding) {
    case MelPadding::kReflect:
      return std::max<std::uint64_t>(pad_samples(spec) + 1, for_a_frame);
    case MelPadding::kMirror:
      return std::max<std::uint64_t>(spec.win_length, for_a_frame);
    case MelPadding::kZero:
      break;
  }
  return for_a_frame;
}

}  // namespace feedline
