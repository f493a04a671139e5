#pragma once

#include "sound_header.hpp"
#include "sound_links.hpp"

#include <feedline/common/unique_handle.hpp>

#include <sndfile.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

struct SndfileTraits {
  using Type = SNDFILE*;
  static Type null() noexcept { return nullptr; }
  static void close(Type file) noexcept { sf_close(file); }
};

/// A recording in memory, opened with libsndfile. It cannot be moved, because libsndfile keeps a pointer to
/// it.
class LibrarySound {
 public:
  /// `link` and its bytes must outlive this object. Throws DecodeError when libsndfile does not know the
  /// format, or when the file is damaged.
  explicit LibrarySound(const SoundLink& link);
  LibrarySound(const LibrarySound&) = delete;
  LibrarySound& operator=(const LibrarySound&) = delete;

  const SoundHeader& header() const noexcept { return header_; }

  /// Decodes up to out.size() / channels further frames, with interleaved channels. Returns their number.
  /// Throws DecodeError.
  std::size_t read(std::span<float> out);

  /// The file as libsndfile reads it.
  struct Memory {
    std::span<const std::byte> front, rest;
    sf_count_t at = 0;
  };

 private:
  Memory memory_;
  UniqueHandle<SndfileTraits> file_;
  SoundHeader header_;
  std::uint64_t most_frames_, read_frames_ = 0;
};

}  // namespace feedline
