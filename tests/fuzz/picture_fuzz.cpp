#include "decode_error.hpp"
#include "image/codec/jpeg_decoder.hpp"
#include "image/codec/png_damage.hpp"
#include "image/codec/png_decoder.hpp"
#include "image/transform/crops.hpp"
#include "image/transform/resize.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

namespace feedline {
namespace {

/// Larger pictures are left out: they only take time.
constexpr std::uint64_t kMostFuzzedPixels = 1 << 20;
constexpr std::uint32_t kSide = 24;

std::uint32_t shrunk(std::uint32_t size, std::uint32_t shrink) {
  return (size + shrink - 1) / shrink;
}

/// A part of the picture that depends on the file's bytes, and the whole of it scaled.
void use(std::span<const std::byte> file, const PictureHeader& header, JpegDecoder* jpeg) {
  if (std::uint64_t{header.width} * header.height > kMostFuzzedPixels) return;
  const auto byte = [&](std::size_t at) { return std::to_integer<std::uint32_t>(file[at % file.size()]); };
  const std::uint32_t shrink = jpeg != nullptr ? 1U << byte(file.size() / 2) % 4 : 1;
  const std::uint32_t width = shrunk(header.width, shrink), height = shrunk(header.height, shrink);
  PixelBox box;
  box.left = byte(file.size() / 3) % width;
  box.top = byte(file.size() / 5) % height;
  box.width = width - box.left;
  box.height = height - box.top;
  std::vector<std::uint8_t> pixels;
  PixelView view;
  if (jpeg != nullptr) {
    view = jpeg->decode(box, shrink);
  } else {
    const std::size_t stride = std::size_t{box.width} * kPixelBytes;
    pixels.resize(stride * box.height + kPixelPadding);
    decode_png(file, box, pixels.data(), stride);
    view = {pixels.data(), stride, box.width, box.height};
  }
  std::vector<std::uint8_t> out(3 * kSide * kSide);
  Resizer resizer;
  resizer.resize(view, {0, 0, static_cast<double>(view.width), static_cast<double>(view.height)},
                 byte(7) % 2 != 0, false, kSide, kSide, out.data());
}

}  // namespace
}  // namespace feedline

namespace feedline {
namespace {

/// What a decoder makes of a file: its reason, or its pixels in the least size, and what is damaged.
std::string summary(JpegDecoder& decoder, std::span<const std::byte> file) {
  try {
    const PictureHeader header = decoder.open(file);
    if (std::uint64_t{header.width} * header.height > kMostFuzzedPixels) return {};
    const PixelView view = decoder.decode({0, 0, shrunk(header.width, 8), shrunk(header.height, 8)}, 8);
    std::string text;
    for (std::uint32_t row = 0; row < view.height; ++row)
      text.append(reinterpret_cast<const char*>(view.data + row * view.stride), view.width * kPixelBytes);
    decoder.open(file);
    return text + decoder.find_damage();
  } catch (const DecodeError& error) {
    return error.what();
  }
}

/// A decoder that has seen many files makes the same of one as a new one.
void check_that_nothing_is_left(std::span<const std::byte> file) {
  static JpegDecoder used;
  JpegDecoder fresh;
  if (summary(used, file) == summary(fresh, file)) return;
  std::fprintf(stderr, "broken: a file before this one changes it\n");
  std::abort();
}

}  // namespace
}  // namespace feedline

/// Any bytes are a picture or a DecodeError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace feedline;
  const std::span file(reinterpret_cast<const std::byte*>(data), size);
  try {
    if (is_png(file)) {
      find_png_damage(file);
      use(file, read_png_header(file), nullptr);
    } else if (JpegDecoder::is_jpeg(file)) {
      check_that_nothing_is_left(file);
      JpegDecoder decoder;
      use(file, decoder.open(file), &decoder);
    }
  } catch (const DecodeError&) {
  }
  return 0;
}
