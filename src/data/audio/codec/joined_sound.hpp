#pragma once

#include "sound_library.hpp"
#include "sound_links.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace feedline {

/// The consecutive recordings of a file as one. The file must outlive this object.
class JoinedSound {
 public:
  /// Opens all links. Throws DecodeError as LibrarySound does, and when their formats differ.
  explicit JoinedSound(std::vector<SoundLink> links);

  const SoundHeader& header() const noexcept { return header_; }

  /// Reads as LibrarySound::read does. Returns 0 only at the end of the last link.
  std::size_t read(std::span<float> out);

 private:
  std::vector<SoundLink> links_;
  std::size_t current_ = 0;
  std::unique_ptr<LibrarySound> sound_;  ///< Sound of the current link
  SoundHeader header_;
};

}  // namespace feedline
