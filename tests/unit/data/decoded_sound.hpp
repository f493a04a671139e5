#pragma once

#include "audio/codec/sound_decoder.hpp"
#include "decode_error.hpp"
#include "sound_files.hpp"
#include "storage/folder_storage.hpp"

#include <string>
#include <vector>

namespace feedline::testing {

struct DecodedSound {
  SoundHeader header;
  SoundFacts facts;
  std::vector<float> wave;
};

inline DecodedSound decode_sound(const Bytes& file, int channel = kMeanOfChannels) {
  SoundDecoder decoder;
  DecodedSound decoded;
  decoded.header = decoder.open(file);
  decoded.facts = decoder.decode(channel, decoded.wave);
  return decoded;
}

/// By the header of the file `name` of a folder, of which no more is read than must be.
inline SoundHeader header_in(const std::filesystem::path& folder, const std::string& name) {
  const FolderStorage files(FileNames(folder, std::vector<std::string>{name}));
  FileBuffer buffer;
  return read_sound_header(files, 0, buffer);
}

/// Why a file is refused.
inline std::string refusal_of(const Bytes& file) {
  try {
    decode_sound(file);
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// One behind the other.
inline std::vector<float> joined(const std::vector<float>& first, const std::vector<float>& second) {
  std::vector<float> both = first;
  both.insert(both.end(), second.begin(), second.end());
  return both;
}

}  // namespace feedline::testing
