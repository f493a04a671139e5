#include "png_decoder.hpp"

#include "decode_error.hpp"
#include "exif.hpp"

#include <feedline/common/unique_handle.hpp>

#include <fmt/format.h>
#include <spng.h>

#include <cstring>
#include <string>
#include <vector>

namespace feedline {
namespace {

struct SpngTraits {
  using Type = spng_ctx*;
  static Type null() noexcept { return nullptr; }
  static void close(Type png) noexcept { spng_ctx_free(png); }
};
using UniquePng = UniqueHandle<SpngTraits>;

/// Deflate packs at most 1032 bytes into one (RFC 1951: 258 bytes in two bits), and a byte holds 8 pixels at
/// most.
constexpr std::uint64_t kMostPixelsPerByte = 1032 * 8;

constexpr std::uint32_t kMostSide = 1U << 24;
constexpr std::size_t kMostChunkBytes = std::size_t{1} << 20;

void check(int error) {
  if (error == SPNG_OK || error == SPNG_EOI) return;
  if (error == SPNG_IO_EOF) throw DecodeError("it ends early: the file was cut off");
  throw DecodeError(spng_strerror(error));
}

UniquePng open_png(std::span<const std::byte> file) {
  UniquePng png(spng_ctx_new(0));
  if (!png) throw std::bad_alloc();
  // What texts and profiles unpack to is of no use here.
  check(spng_set_image_limits(png.get(), kMostSide, kMostSide));
  check(spng_set_chunk_limits(png.get(), kMostChunkBytes, kMostChunkBytes));
  check(spng_set_png_buffer(png.get(), file.data(), file.size()));
  return png;
}

spng_ihdr read_size(spng_ctx* png, std::size_t file_bytes) {
  spng_ihdr header{};
  check(spng_get_ihdr(png, &header));
  const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
  if (pixels > kMostPixels) {
    throw DecodeError(fmt::format("it declares {} x {} pixels, more than the {} million that are read",
                                  header.width, header.height, kMostPixels / 1'000'000));
  }
  if (pixels > kMostPixelsPerByte * file_bytes) {
    throw DecodeError(fmt::format("it declares {} x {} pixels, which {} bytes cannot hold", header.width,
                                  header.height, file_bytes));
  }
  return header;
}

void copy_part(const std::vector<std::uint8_t>& row, std::uint32_t y, const PixelBox& box, std::uint8_t* out,
               std::size_t stride) {
  if (y < box.top || y >= box.top + box.height) return;
  std::memcpy(out + (y - box.top) * stride, row.data() + box.left * kPixelBytes, box.width * kPixelBytes);
}

void decode_rows(spng_ctx* png, const spng_ihdr& header, const PixelBox& box, std::uint8_t* out,
                 std::size_t stride) {
  check(spng_decode_image(png, nullptr, 0, SPNG_FMT_RGB8, SPNG_DECODE_PROGRESSIVE));
  std::vector<std::uint8_t> row(std::size_t{header.width} * kPixelBytes);
  for (std::uint32_t y = 0; y < header.height; ++y) {
    check(spng_decode_row(png, row.data(), row.size()));
    copy_part(row, y, box, out, stride);
  }
}

/// Interlaced rows come in seven passes: the whole picture is needed.
void decode_interlaced(spng_ctx* png, const spng_ihdr& header, const PixelBox& box, std::uint8_t* out,
                       std::size_t stride) {
  const std::size_t row_bytes = std::size_t{header.width} * kPixelBytes;
  std::vector<std::uint8_t> whole(row_bytes * header.height);
  check(spng_decode_image(png, whole.data(), whole.size(), SPNG_FMT_RGB8, 0));
  for (std::uint32_t y = 0; y < box.height; ++y) {
    const std::uint8_t* from = whole.data() + (box.top + y) * row_bytes + box.left * kPixelBytes;
    std::memcpy(out + y * stride, from, box.width * kPixelBytes);
  }
}

int read_orientation(spng_ctx* png) {
  spng_exif block{};
  if (spng_get_exif(png, &block) != SPNG_OK) return 1;
  std::string with_prefix("Exif\0\0", 6);
  with_prefix.append(block.data, block.length);
  return exif_orientation(std::as_bytes(std::span(with_prefix)));
}

}  // namespace

bool is_png(std::span<const std::byte> file) noexcept {
  constexpr unsigned char kStart[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  return file.size() >= sizeof kStart && std::memcmp(file.data(), kStart, sizeof kStart) == 0;
}

PictureHeader read_png_header(std::span<const std::byte> file) {
  const UniquePng png = open_png(file);
  const spng_ihdr header = read_size(png.get(), file.size());
  return {header.width, header.height, read_orientation(png.get())};
}

void decode_png(std::span<const std::byte> file, const PixelBox& box, std::uint8_t* out, std::size_t stride) {
  const UniquePng png = open_png(file);
  const spng_ihdr header = read_size(png.get(), file.size());
  if (header.interlace_method == SPNG_INTERLACE_NONE) {
    decode_rows(png.get(), header, box, out, stride);
  } else {
    decode_interlaced(png.get(), header, box, out, stride);
  }
  check(spng_decode_chunks(png.get()));  // up to the end: what follows the pixels may be missing
}

}  // namespace feedline
