#include "refusals.hpp"

#include "codec/sound_decoder.hpp"
#include "decode_error.hpp"
#include "file_buffer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

constexpr std::size_t kNamed = 3;
constexpr std::size_t kTried = 256;

}  // namespace

void Refusals::add(const std::string& reason, std::string path) {
  Kind& kind = reasons_[reason];
  ++kind.count;
  if (kind.first.size() < kNamed) kind.first.push_back(std::move(path));
}

std::string Refusals::text() const {
  std::string text;
  for (const auto& [reason, kind] : reasons_)
    text += fmt::format("\n  {} recording{}: {} (the first: {})", kind.count, kind.count == 1 ? "" : "s",
                        reason, fmt::join(kind.first, ", "));
  return text;
}

Refusals why_not_decoded(const RecordingList& recordings, std::span<const std::uint64_t> ids) {
  Refusals refusals;
  FileBuffer file;
  SoundDecoder decoder;
  std::vector<float> wave;
  for (const std::uint64_t id : ids.first(std::min(ids.size(), kTried))) {
    try {
      decoder.open(file.read(recordings.root_fd(), recordings.path(id)));
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
