#include "png_decoder.hpp"

#include "decode_error.hpp"
#include "png_orientation.hpp"
#include "png_stream.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/unique_handle.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spng.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace feedline {
namespace {

constexpr std::uint64_t kMostExpansion = 1032;  // of deflate: https://zlib.net/zlib_tech.html

struct SpngTraits {
  using Type = spng_ctx*;
  static Type null() noexcept { return nullptr; }
  static void close(Type context) noexcept { spng_ctx_free(context); }
};
using SpngContext = UniqueHandle<SpngTraits>;

/// Where a decoded row's pixels belong: in every `step`th column from `first`.
struct Columns {
  std::uint32_t first = 0, step = 1;
};

/// Of Adam7's passes: PNG specification, section 8.2.
constexpr std::array<Columns, 7> kAdam7{{{0, 8}, {4, 8}, {0, 4}, {2, 4}, {0, 2}, {1, 2}, {0, 1}}};

void check_signature(std::span<const std::byte> file) {
  const std::size_t shared = std::min(file.size(), kPngSignature.size());
  if (shared == 0) throw DecodeError("it is empty");
  if (std::memcmp(file.data(), kPngSignature.data(), shared) != 0) {
    throw DecodeError(fmt::format("no PNG: it starts with {:02x}", fmt::join(file.first(shared), " ")));
  }
}

int read_stream(spng_ctx*, void* stream, void* out, std::size_t bytes) {
  const bool all = static_cast<PngStream*>(stream)->read({static_cast<std::byte*>(out), bytes});
  return all ? SPNG_OK : SPNG_IO_EOF;
}

/// `stream` must stay.
SpngContext open_png(PngStream& stream) {
  SpngContext png(spng_ctx_new(0));
  if (!png) throw std::bad_alloc();
  spng_set_image_limits(png.get(), kMostPixels, kMostPixels);
  spng_set_png_stream(png.get(), read_stream, &stream);
  return png;
}

[[noreturn]] void fail(int code, const std::string& where) {
  if (code == SPNG_EMEM) throw std::bad_alloc();
  if (code == SPNG_IO_EOF) throw DecodeError("it ends early: " + where);
  throw DecodeError(fmt::format("it is damaged: {} ({})", where, spng_strerror(code)));
}

std::uint64_t bits_per_pixel(const spng_ihdr& header) {
  switch (header.color_type) {
    case SPNG_COLOR_TYPE_TRUECOLOR:
      return std::uint64_t{3} * header.bit_depth;
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
      return std::uint64_t{2} * header.bit_depth;
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA:
      return std::uint64_t{4} * header.bit_depth;
    default:
      return header.bit_depth;
  }
}

/// Before anything as large as the picture is allocated.
void check_size(const spng_ihdr& header, std::size_t file_bytes) {
  const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
  if (pixels > kMostPixels) {
    throw DecodeError(fmt::format("it declares {} x {} pixels in {} bytes; at most {} pixels are read",
                                  header.width, header.height, file_bytes, kMostPixels));
  }
  const std::uint64_t row_bytes = 1 + (header.width * bits_per_pixel(header) + 7) / 8;
  if (row_bytes * header.height > file_bytes * kMostExpansion) {
    throw DecodeError(fmt::format("it declares {} x {} pixels, more than its {} bytes can hold", header.width,
                                  header.height, file_bytes));
  }
}

spng_ihdr read_size(spng_ctx* png, std::size_t file_bytes) {
  spng_ihdr header{};
  const int code = spng_get_ihdr(png, &header);
  if (code == SPNG_EUSER_WIDTH || code == SPNG_EUSER_HEIGHT) {
    throw DecodeError(
        fmt::format("it declares a side of more than {} pixels in {} bytes", kMostPixels, file_bytes));
  }
  if (code != SPNG_OK) fail(code, "in its header");
  check_size(header, file_bytes);
  return header;
}

std::string progress(const spng_ihdr& header, const spng_row_info& row) {
  if (header.interlace_method != SPNG_INTERLACE_NONE) {
    return fmt::format("in pass {} of {}", row.pass + 1, kAdam7.size());
  }
  return fmt::format("{} of {} rows", row.row_num, header.height);
}

/// Copies what of `row` lies in the box's columns to `out`, the box's part of the same row.
void place_row(const std::uint8_t* row, std::uint32_t picture_width, Columns columns, const PixelBox& box,
               std::uint8_t* out) {
  if (columns.step == 1) {
    std::memcpy(out, row + kPixelBytes * box.left, kPixelBytes * box.width);
    return;
  }
  const std::uint32_t end = std::min(picture_width, box.left + box.width);
  for (std::uint32_t column = columns.first; column < end; column += columns.step, row += kPixelBytes) {
    if (column >= box.left) std::memcpy(out + kPixelBytes * (column - box.left), row, kPixelBytes);
  }
}

/// Decodes every row, so that damage anywhere is found, and keeps those of the box.
void decode_rows(spng_ctx* png, const spng_ihdr& header, const PixelBox& box, std::uint8_t* out,
                 std::size_t stride) {
  const std::size_t row_bytes = kPixelBytes * header.width;
  const auto row = std::make_unique_for_overwrite<std::uint8_t[]>(row_bytes);
  const bool interlaced = header.interlace_method != SPNG_INTERLACE_NONE;
  for (int code = SPNG_OK; code != SPNG_EOI;) {
    spng_row_info place{};
    spng_get_row_info(png, &place);
    code = spng_decode_scanline(png, row.get(), row_bytes);
    if (code != SPNG_OK && code != SPNG_EOI) fail(code, progress(header, place));
    if (place.row_num - box.top >= box.height) continue;  // above wraps around
    place_row(row.get(), header.width, interlaced ? kAdam7[static_cast<std::size_t>(place.pass)] : Columns{},
              box, out + stride * (place.row_num - box.top));
  }
}

/// What follows the pixels. libspng takes an end chunk without its checksum for whole.
void read_end(spng_ctx* png, const PngStream& stream) {
  constexpr const char* kWhere = "after its last row";
  const int code = spng_decode_chunks(png);
  if (code != SPNG_OK) fail(code, kWhere);
  if (!stream.reached_end()) fail(SPNG_IO_EOF, kWhere);
}

bool is_inside(const PixelBox& box, const spng_ihdr& header) {
  return box.left <= header.width && box.width <= header.width - box.left && box.top <= header.height &&
         box.height <= header.height - box.top;
}

}  // namespace

bool is_png(std::span<const std::byte> file) noexcept {
  return file.size() >= kPngSignature.size() &&
         std::memcmp(file.data(), kPngSignature.data(), kPngSignature.size()) == 0;
}

PictureHeader read_png_header(std::span<const std::byte> file) {
  check_signature(file);
  PngStream stream(file);
  const SpngContext png = open_png(stream);
  const spng_ihdr header = read_size(png.get(), file.size());
  return {header.width, header.height, png_orientation(file)};
}

void decode_png(std::span<const std::byte> file, const PixelBox& box, std::uint8_t* out, std::size_t stride) {
  PngStream stream(file);
  const SpngContext png = open_png(stream);
  const spng_ihdr header = read_size(png.get(), file.size());
  ensure(is_inside(box, header), "a box to decode that is not inside the picture");
  const int start = spng_decode_image(png.get(), nullptr, 0, SPNG_FMT_RGB8, SPNG_DECODE_PROGRESSIVE);
  if (start != SPNG_OK) fail(start, progress(header, {}));
  decode_rows(png.get(), header, box, out, stride);
  read_end(png.get(), stream);
}

}  // namespace feedline
