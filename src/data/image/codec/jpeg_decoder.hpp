#pragma once

#include "picture.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace feedline {

/// Decodes parts of JPEG files with libjpeg-turbo, at full size or shrunk in the DCT. It keeps its memory
/// from picture to picture and nothing else, so the pixels of a file do not depend on the files before it.
///
/// Thread rule: one thread at a time.
class JpegDecoder {
 public:
  JpegDecoder();
  JpegDecoder(JpegDecoder&&) noexcept;
  JpegDecoder& operator=(JpegDecoder&&) noexcept;
  ~JpegDecoder();

  static bool is_jpeg(std::span<const std::byte> file) noexcept;

  /// Reads the header. `file` must remain valid until `decode` returns. Throws DecodeError when the file is
  /// not a readable JPEG file, declares more pixels than it can hold or than are allowed, or ends early.
  PictureHeader open(std::span<const std::byte> file);

  /// Decodes the opened file, shrunk by `shrink` (1, 2, 4 or 8): at least the part `box` of the shrunk
  /// picture, which is ceil(width / shrink) x ceil(height / shrink). Every pixel has the value that it has
  /// when the whole picture is decoded. The pixels remain valid until the next call. Throws DecodeError.
  PixelView decode(const PixelBox& box, std::uint32_t shrink);

  /// Decodes the whole shrunk picture into `out`, in rows of `stride` bytes.
  void decode_whole(std::uint32_t shrink, std::uint8_t* out, std::size_t stride);

  /// Reads all of the opened file, including the parts that no pixel needs. Returns the damage of a file that
  /// can still be decoded, such as missing or invalid data; empty when there is none. Throws DecodeError when
  /// the file cannot be decoded.
  std::string find_damage();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace feedline
