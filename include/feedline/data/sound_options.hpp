#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// Settings for reading recordings and for their spectrograms. Empty fields take the preset's value.
struct SoundOptions {
  std::string preset = "auto";  ///< Name of `mel_preset_names`, or auto: by the recordings' sample rate
  std::optional<std::uint32_t> sample_rate, n_fft, win_length, hop_length, n_mels;
  std::optional<double> f_min, f_max;    ///< Limits of the bands, Hz
  std::string fields;                    ///< Further fields, see set_mel_fields
  std::optional<std::uint32_t> channel;  ///< Channel, from 0; empty: the mean of all channels
  bool keep_silent = false;              ///< Recordings without any sound are samples too
  double clip_seconds = 4;               ///< Seconds per clip of the audio task
  bool as_waves = false;                 ///< A device makes the spectrograms, see WaveBatches
};

/// Settings for reading texts and for the padding of texts and spectrograms.
struct SpeechOptions {
  std::string columns;   ///< See parse_columns; empty: found by the file's first line or its content
  std::string language;  ///< See clean_text
  std::string text_encoding = "utf-8";           ///< See parse_text_encoding
  std::uint32_t max_shapes = 8;                  ///< Largest number of buckets
  bool static_shapes = false;                    ///< One shape for all batches
  std::optional<std::uint32_t> max_text_length;  ///< Limit in tokens; longer samples are left out
  std::optional<std::uint32_t> max_mel_frames;   ///< Limit in frames; longer samples are left out
};

}  // namespace feedline
