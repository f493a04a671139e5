#pragma once

#include "sound_library.hpp"
#include "sound_links.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace feedline {

/// The recordings that follow each other in a file as one. Stays where it is, and so must the file.
class JoinedSound {
 public:
  /// Opens each. Throws DecodeError: as LibrarySound does, or they are of different formats.
  explicit JoinedSound(std::vector<SoundLink> links);

  const SoundHeader& header() const noexcept { return header_; }

  /// As LibrarySound::read; 0 only at the end of the last one.
  std::size_t read(std::span<float> out);

 private:
  std::vector<SoundLink> links_;
  std::size_t current_ = 0;
  std::unique_ptr<LibrarySound> sound_;  ///< of the current link
  SoundHeader header_;
};

}  // namespace feedline
