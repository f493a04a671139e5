#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

enum class MelWindow { kHann, kHannSymmetric, kHamming, kPovey };

/// What is put before and behind a recording, so that its first and last frames are whole.
enum class MelPadding {
  kReflect,
  kZero,
  kMirror
};  ///< kMirror: like kReflect, but with the edge sample itself

/// How much is put there.
enum class MelPadAmount { kHalfOverlap, kHalfTransform, kHalfWindowOverlap };

/// Frames of N samples: N / hop, 1 + N / hop, (N + hop / 2) / hop.
enum class MelFrames { kFloor, kCentred, kRounded };

enum class MelPreEmphasis { kNone, kWave, kFrame };  ///< over the whole wave, or in each frame by itself

/// Scale of the bands; kKaldi has its triangles in mel, kHtkSymmetric has triangles as wide above as below.
enum class MelScale { kSlaney, kHtk, kHtkSymmetric, kKaldi };

enum class MelLog { kLn, kLog10, kDecibel };

/// What is done with the finished spectrogram of a recording.
enum class MelNormalisation {
  kNone,
  kWhisper,  ///< max(x, largest - 8), then (x + 4) / 4
  kPerBand,  ///< (x - mean) / (deviation + 1e-5), over the recording's frames
  kTopDb     ///< max(x, largest - 80)
};

/// What a log-mel spectrogram is, to the last field.
struct MelSpec {
  std::uint32_t sample_rate = 22050;  ///< Hz
  std::uint32_t n_fft = 1024;         ///< samples a transform
  std::uint32_t win_length =
      1024;                        ///< samples a window; in the middle of the transform unless `window_first`
  std::uint32_t hop_length = 256;  ///< samples from a frame to the next
  std::uint32_t n_mels = 80;
  double f_min = 0;
  double f_max = 8000;
  MelWindow window = MelWindow::kHann;
  bool window_first = false;
  MelPadding padding = MelPadding::kReflect;
  MelPadAmount pad_amount = MelPadAmount::kHalfTransform;
  MelFrames frames = MelFrames::kCentred;
  bool remove_dc = false;                               ///< from each frame
  MelPreEmphasis pre_emphasis = MelPreEmphasis::kNone;  ///< x[i] - 0.97 x[i - 1]
  bool power = false;                                   ///< squares of magnitudes; else magnitudes
  double power_added = 0;                               ///< to the squares, before the root
  double power_floor = 0;                               ///< of the squares, before the root
  MelScale scale = MelScale::kSlaney;
  bool area_norm = true;  ///< each triangle is scaled by 2 / its width in Hz
  MelLog log = MelLog::kLn;
  double log_floor = 1e-5;      ///< log(max(x, floor)), or
  bool floor_is_added = false;  ///< log(x + floor)
  MelNormalisation normalisation = MelNormalisation::kNone;
  float pad_value = 0;  ///< what batches are padded with: silence

  bool operator==(const MelSpec&) const = default;
};

/// The preset of that name; throws UsageError, with the names that there are. Sources: the projects that the
/// presets are called after; see docs/speech.md.
MelSpec mel_preset(std::string_view name);

std::vector<std::string> mel_preset_names();

/// Throws UsageError, naming the flag, for fields that do not go together.
void check(const MelSpec& spec);

/// All fields, so that equal texts mean equal spectrograms, by the names of their flags and of --mel-fields: "sample-rate=22050,n-fft=1024,...".
std::string to_text(const MelSpec& spec);

/// Of what `to_text` gave; fields that are not named are those of a default MelSpec. Throws UsageError.
MelSpec mel_spec_from(std::string_view text);

/// For people: "80 bands of 0-8000 Hz at 22050 Hz, 1024 samples every 256".
std::string short_text(const MelSpec& spec);

/// Samples put before a recording.
std::uint32_t pad_samples(const MelSpec& spec) noexcept;

/// Frames of a recording of so many samples.
std::uint64_t mel_frames(const MelSpec& spec, std::uint64_t samples) noexcept;

/// The most samples of a recording with so many frames; at least one frame.
std::uint64_t most_samples(const MelSpec& spec, std::uint64_t frames) noexcept;

/// The fewest samples that have a spectrogram.
std::uint64_t samples_needed(const MelSpec& spec) noexcept;

}  // namespace feedline
