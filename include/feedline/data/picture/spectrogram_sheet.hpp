#pragma once

#include <feedline/batch/slot.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// Writes the spectrograms of a batch (tensor `mel`, float [bands,frames]) one below the other into a PNG
/// file, without their padding (tensor `lengths`), each with its caption below. Throws UsageError naming the
/// file when it cannot be written.
void write_spectrogram_sheet(const std::filesystem::path& path, const Slot& batch,
                             std::span<const std::string> captions);

/// The output of a model for one recording.
struct SpeechPicture {
  std::size_t frames = 0;
  std::vector<float> recorded;   ///< [bands,frames]
  std::vector<float> predicted;  ///< [bands,frames], with the recording's durations
  std::vector<float> alignment;  ///< [text,frames], 0 to 1
  std::size_t spoken_frames = 0;
  std::vector<float> spoken;  ///< [bands,spoken_frames], with the predicted durations; may be empty
  std::string text;
  double frames_per_second = 0;  ///< Rate of frames; 0: unknown, the axis counts frames
};

/// Draws all parts of each picture, one below the other, with axes: time to the right, bands or letters
/// upwards. Returns the bytes of a PNG file.
std::vector<std::byte> draw_speech(std::span<const SpeechPicture> pictures);

}  // namespace feedline
