#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// How recordings are read and made spectrograms of. Fields that are left empty are the preset's.
struct SoundOptions {
  std::string preset = "auto";  ///< a name of `mel_preset_names`, or auto: by the recordings' sample rate
  std::optional<std::uint32_t> sample_rate, n_fft, win_length, hop_length, n_mels;
  std::optional<double> f_min, f_max;    ///< Hz
  std::string fields;                    ///< others, see set_mel_fields
  std::optional<std::uint32_t> channel;  ///< from 0; none: the mean of all channels
  bool keep_silent = false;              ///< whether recordings without any sound are samples too
  double clip_seconds = 4;               ///< of the audio task
  bool as_waves = false;                 ///< a device makes the spectrograms, see WaveBatches
};

/// How texts are read, and how texts and spectrograms are padded.
struct SpeechOptions {
  std::string columns;   ///< see parse_columns; empty: as the file's first line or its content says
  std::string language;  ///< see clean_text
  std::string text_encoding = "utf-8";           ///< see parse_text_encoding
  std::uint32_t max_shapes = 8;                  ///< of batches
  bool static_shapes = false;                    ///< one shape for all batches
  std::optional<std::uint32_t> max_text_length;  ///< tokens; longer samples are left out
  std::optional<std::uint32_t> max_mel_frames;   ///< longer samples are left out
};

}  // namespace feedline
