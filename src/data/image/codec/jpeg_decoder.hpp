#pragma once

#include "picture.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace feedline {

/// Decodes parts of JPEG files with libjpeg-turbo, at full size or shrunk in the DCT. Keeps its memory from
/// picture to picture, and nothing else: what a file gives does not depend on those before it. One thread at
/// a time.
class JpegDecoder {
 public:
  JpegDecoder();
  JpegDecoder(JpegDecoder&&) noexcept;
  JpegDecoder& operator=(JpegDecoder&&) noexcept;
  ~JpegDecoder();

  static bool is_jpeg(std::span<const std::byte> file) noexcept;

  /// Reads the header; `file` must stay until `decode` is done. Throws DecodeError when it is no JPEG file
  /// that can be read, declares more pixels than it can hold or than are allowed, or ends early.
  PictureHeader open(std::span<const std::byte> file);

  /// Decodes the opened file shrunk by `shrink` (1, 2, 4 or 8), at least the part `box` of the shrunk
  /// picture, which is ceil(width / shrink) x ceil(height / shrink). Every pixel has the value it has when
  /// the whole picture is decoded. The pixels stay until the next call. Throws DecodeError.
  PixelView decode(const PixelBox& box, std::uint32_t shrink);

  /// The whole shrunk picture into `out`, rows of `stride` bytes.
  void decode_whole(std::uint32_t shrink, std::uint8_t* out, std::size_t stride);

  /// Reads all of the opened file, also what no part of the picture needs. Returns what is damaged about it
  /// though it can be decoded: data that is missing or makes no sense; empty when nothing is. Throws
  /// DecodeError when it cannot be decoded.
  std::string find_damage();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace feedline
