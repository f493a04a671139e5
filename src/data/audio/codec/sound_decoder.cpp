#include "sound_decoder.hpp"

#include "decode_error.hpp"
#include "wav_end.hpp"
#include "wav_samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace feedline {
namespace {

/// A header that promises more than ten hours of what is read at once is a damaged one.
constexpr std::uint64_t kMostSamples = 1'728'000'000;

/// Samples of all channels that libsndfile decodes at a time: its headers may lie about how many there are.
constexpr std::size_t kPiece = 65536;

constexpr float kFullScale = 0.9999F;
/// Of the channels' power; of channels that have nothing in common, one in as many as there are is left.
constexpr double kCancelledShare = 0.001;

constexpr float kAbsurd = 10;

bool decodes_itself(const WavHeader& wav) noexcept {
  return wav.coding != WavCoding::kOther;
}

/// The mean of all channels, or one of them, in place of interleaved samples; `out` may be the same memory.
void to_mono(std::span<const float> interleaved, std::uint32_t channels, int channel,
             std::vector<float>& out) {
  const std::size_t frames = interleaved.size() / channels;
  out.resize(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const float* frame = interleaved.data() + i * channels;
    if (channel != kMeanOfChannels) {
      out[i] = frame[channel];
      continue;
    }
    float sum = 0;
    for (std::uint32_t c = 0; c < channels; ++c) sum += frame[c];
    out[i] = sum / static_cast<float>(channels);
  }
}

/// In four lanes that the compiler makes a vector of: a NaN in any sample stays in `sum`.
SoundFacts look_at(std::span<const float> wave) noexcept {
  SoundFacts facts;
  facts.samples = wave.size();
  float peak = 0;
  std::uint32_t full = 0;
  for (const float sample : wave) {
    const float size = std::fabs(sample);
    peak = size > peak ? size : peak;
    full += size >= kFullScale ? 1 : 0;
  }
  facts.peak = peak;
  facts.full_scale = full;
  facts.silent = peak == 0;
  return facts;
}

/// Infinities and what is no number have all bits of the exponent set.
bool has_no_numbers(std::span<const float> wave) noexcept {
  std::uint32_t found = 0;
  for (const float sample : wave) found |= std::isfinite(sample) ? 0U : 1U;
  return found != 0;
}

/// Of a sample, on average.
double power(std::span<const float> wave) noexcept {
  double sum = 0;
  for (const float sample : wave) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(wave.size());
}

}  // namespace

SoundHeader SoundDecoder::open(std::span<const std::byte> file) {
  file_ = file;
  wav_ = {};
  sound_ = nullptr;
  truncated_ = damaged_ = false;
  if (file.empty()) throw DecodeError("it is empty");
  if (is_wav(file)) {
    try {
      wav_ = parse_wav(file, file.size());
      correct_wav_end(file, wav_);
    } catch (const WavStartTooShort&) {
      throw DecodeError("its WAV header is damaged: it goes beyond the file");
    }
    truncated_ = wav_.truncated;
    damaged_ = wav_.damaged;
  }
  header_ = {wav_.sample_rate, wav_.channels, wav_.frames(), true, "WAV"};
  if (!decodes_itself(wav_)) open_with_library();
  return header_;
}

SoundFacts SoundDecoder::decode(int channel, std::vector<float>& out) {
  if (channel >= static_cast<int>(header_.channels))
    throw DecodeError(
        fmt::format("it has no channel {}, only {} (--channel counts from 0)", channel, header_.channels));
  if (decodes_itself(wav_) && header_.frames > kMostSamples / header_.channels)
    throw DecodeError(fmt::format("its header is damaged: {} samples", header_.frames));
  if (decodes_itself(wav_)) {
    const auto data = file_.subspan(wav_.data_begin, wav_.data_bytes);
    std::vector<float>& target = header_.channels == 1 ? out : interleaved_;
    target.resize(wav_.frames() * header_.channels);
    decode_wav_samples(data, wav_, target);
  } else {
    decode_with_library();
  }
  if (header_.channels > 1 || !decodes_itself(wav_)) to_mono(interleaved_, header_.channels, channel, out);
  if (out.empty() && !decodes_itself(wav_))
    throw DecodeError(
        "it holds no sound that can be decoded (of one that is cut short, `ffmpeg -i FILE NEW.wav` may save "
        "it)");
  if (out.empty()) throw DecodeError("it holds no sound");
  if (has_no_numbers(out)) throw DecodeError("it holds samples that are no numbers");
  SoundFacts facts = look_at(out);
  facts.truncated = truncated_ || (header_.frames_known && out.size() < header_.frames);
  facts.damaged = damaged_;
  if (header_.channels > 1 && channel == kMeanOfChannels)
    facts.cancelled = power(out) < kCancelledShare * power(interleaved_);
  if (facts.peak > kAbsurd)
    throw DecodeError(fmt::format("it has samples up to {:.3g}, ten times full scale and more", facts.peak));
  return facts;
}

void SoundDecoder::open_with_library() {
  SoundLinks found = is_wav(file_) ? find_wav_links(file_, wav_) : find_sound_links(file_);
  truncated_ = truncated_ || found.truncated;
  damaged_ = damaged_ || found.damaged;
  sound_ = std::make_unique<JoinedSound>(std::move(found.links));
  header_ = sound_->header();
}

/// As many samples as there are: headers of compressed files may say another number.
void SoundDecoder::decode_with_library() {
  if (!sound_) open_with_library();
  const auto sound = std::move(sound_);
  const std::size_t piece = kPiece / header_.channels * header_.channels;
  std::size_t filled = 0;
  for (;;) {
    interleaved_.resize(filled + piece);
    const std::size_t got = sound->read(std::span(interleaved_).subspan(filled)) * header_.channels;
    filled += got;
    if (got == 0) break;
    if (filled > kMostSamples) throw DecodeError("it is longer than ten hours");
  }
  interleaved_.resize(filled);
}

}  // namespace feedline
