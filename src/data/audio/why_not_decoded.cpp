#include "why_not_decoded.hpp"

#include "codec/sound_decoder.hpp"
#include "decode_error.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

namespace feedline {
namespace {

constexpr std::size_t kTried = 256;

}  // namespace

Refusals why_not_decoded(const Storage& recordings, std::span<const std::uint64_t> ids) {
  Refusals refusals;
  FileBuffer file;
  SoundDecoder decoder;
  std::vector<float> wave;
  for (const std::uint64_t id : ids.first(std::min(ids.size(), kTried))) {
    try {
      decoder.open(recordings.read(id, file));
      decoder.decode(kMeanOfChannels, wave);
    } catch (const DecodeError& error) {
      refusals.add(error.what(), recordings.describe(id));
    } catch (const std::system_error& error) {
      refusals.add("cannot be read: " + error.code().message(), recordings.describe(id));
    }
  }
  return refusals;
}

}  // namespace feedline
