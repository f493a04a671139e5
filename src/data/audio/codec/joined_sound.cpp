#include "joined_sound.hpp"

#include "decode_error.hpp"

#include <fmt/format.h>

#include <utility>

namespace feedline {
namespace {

[[noreturn]] void refuse(const SoundHeader& first, const SoundHeader& other, std::size_t at) {
  throw DecodeError(fmt::format(
      "its parts {} and {} differ: {} Hz with {} channels, then {} Hz with {}; `ffmpeg -i FILE -ar {} "
      "NEW.wav` makes "
      "one recording of them",
      at, at + 1, first.sample_rate, first.channels, other.sample_rate, other.channels, first.sample_rate));
}

}  // namespace

JoinedSound::JoinedSound(std::vector<SoundLink> links)
    : links_(std::move(links)), sound_(std::make_unique<LibrarySound>(links_.front())) {
  header_ = sound_->header();
  for (std::size_t i = 1; i < links_.size(); ++i) {
    const SoundHeader other = LibrarySound(links_[i]).header();
    if (other.sample_rate != header_.sample_rate || other.channels != header_.channels)
      refuse(header_, other, i);
    header_.frames_known = header_.frames_known && other.frames_known;
    header_.frames = header_.frames_known ? header_.frames + other.frames : 0;
  }
}

std::size_t JoinedSound::read(std::span<float> out) {
  for (;;) {
    if (const std::size_t got = sound_->read(out); got > 0) return got;
    if (current_ + 1 == links_.size()) return 0;
    sound_ = std::make_unique<LibrarySound>(links_[++current_]);
  }
}

}  // namespace feedline
