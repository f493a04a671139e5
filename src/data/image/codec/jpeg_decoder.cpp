#include "jpeg_decoder.hpp"

#include "decode_error.hpp"
#include "jpeg_library.hpp"
#include "jpeg_markers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <vector>

namespace feedline {
namespace {

constexpr std::size_t kCmykBytes = 4;
constexpr std::uint64_t kBitsPerByte = 8;

/// Inks are stored inverted, 255 is none, as Adobe's programs began to do: files without Adobe's marker are
/// taken for the same. The conversion is Pillow's.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, std::size_t pixels) noexcept {
  for (std::size_t i = 0; i < pixels; ++i, cmyk += kCmykBytes, rgb += kPixelBytes) {
    const unsigned black = cmyk[3];
    for (std::size_t channel = 0; channel < kPixelBytes; ++channel)
      rgb[channel] = static_cast<std::uint8_t>((cmyk[channel] * black + 127) / 255);
  }
}

/// The fewest bytes that hold the picture: with Huffman codes a block takes a bit or more. An arithmetic
/// coder can put any number of equal blocks into a few bytes.
std::uint64_t fewest_bytes(const jpeg_decompress_struct& info) noexcept {
  if (info.arith_code) return 0;
  std::uint64_t blocks = 0;
  for (int i = 0; i < info.num_components; ++i) {
    const jpeg_component_info& component = info.comp_info[i];
    blocks = std::max(blocks, std::uint64_t{component.width_in_blocks} * component.height_in_blocks);
  }
  return blocks / kBitsPerByte;
}

void check_size(const jpeg_decompress_struct& info, std::size_t file_bytes) {
  const std::uint64_t pixels = std::uint64_t{info.image_width} * info.image_height;
  if (pixels > kMostPixels) {
    throw DecodeError(fmt::format("it declares {} x {} pixels, more than the {} million that are read",
                                  info.image_width, info.image_height, kMostPixels / 1'000'000));
  }
  if (fewest_bytes(info) > file_bytes) {
    throw DecodeError(fmt::format("it declares {} x {} pixels, which {} bytes cannot hold", info.image_width,
                                  info.image_height, file_bytes));
  }
}

/// Whether scans of a progressive file are missing. libjpeg then smooths over the blocks' edges.
bool misses_scans(const jpeg_decompress_struct& info) noexcept {
  if (info.coef_bits == nullptr) return false;
  const auto is_missing = [](int bits) { return bits != 0; };
  return std::any_of(info.coef_bits, info.coef_bits + info.num_components, [&](const auto& component) {
    return std::any_of(std::begin(component), std::end(component), is_missing);
  });
}

/// The first component (from 1) of a file of several scans that none of them holds; 0: all are there.
int missing_component(const jpeg_decompress_struct& info) noexcept {
  for (int i = 0; i < info.num_components; ++i)
    if (info.comp_info[i].quant_table == nullptr) return i + 1;
  return 0;
}

/// Brightness and colour of the picture shrunk by `shrink`. libjpeg shrinks colour that is stored coarser
/// less, but only by as much both ways: that of 4:2:0 stays as it is, that of 4:2:2 comes out at half the
/// width.
Grain grain_at(jpeg_decompress_struct& info, std::uint32_t shrink) {
  info.scale_num = 1;
  info.scale_denom = shrink;
  jpeg_calc_output_dimensions(&info);
  Grain grain{static_cast<std::uint8_t>(shrink), static_cast<std::uint8_t>(shrink)};
  for (int i = 0; i < info.num_components; ++i) {
    const jpeg_component_info& component = info.comp_info[i];
    if (component.DCT_scaled_size >= DCTSIZE) continue;
    const auto stored = [&](int most, int own) {
      const int values = own * component.DCT_scaled_size;
      return static_cast<std::uint8_t>((most * DCTSIZE + values - 1) / values);
    };
    grain.width = std::max(grain.width, stored(info.max_h_samp_factor, component.h_samp_factor));
    grain.height = std::max(grain.height, stored(info.max_v_samp_factor, component.v_samp_factor));
  }
  return grain;
}

/// Whether a component is both shrunk less than others and brought to their size: 4:1:0 shrunk by 2 or 4.
/// libjpeg-turbo 2.1.5 decodes some columns of such a picture to garbage when it is told to crop.
bool scales_twice(const jpeg_decompress_struct& info) noexcept {
  return std::any_of(info.comp_info, info.comp_info + info.num_components, [&](const auto& component) {
    const int scale = component.DCT_scaled_size, least = info.min_DCT_scaled_size;
    return scale > least && (component.h_samp_factor * scale < info.max_h_samp_factor * least ||
                             component.v_samp_factor * scale < info.max_v_samp_factor * least);
  });
}

void grow(std::vector<std::uint8_t>& buffer, std::size_t bytes) {
  if (buffer.size() < bytes) buffer.resize(bytes);
}

}  // namespace

struct JpegDecoder::State {
  JpegLibrary library;
  std::span<const std::byte> file;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> row;  ///< of a skipped line, or of one with four channels

  void read_header();
  std::array<Grain, 3> grains();
  void check_whole();
  void start(std::uint32_t shrink);
  void skip_to(std::uint32_t line);
  void read_lines(std::uint32_t from, std::uint32_t to, std::uint8_t* out, std::size_t stride);
  void check_end() const;
  std::string finish();
};

void JpegDecoder::State::read_header() {
  library.set_input(file);
  library.run([this] { jpeg_read_header(&library.info(), TRUE); });
}

std::array<Grain, 3> JpegDecoder::State::grains() {
  std::array<Grain, 3> grains;
  library.run([&] {
    for (std::size_t i = 0; i < grains.size(); ++i) grains[i] = grain_at(library.info(), 2U << i);
  });
  return grains;
}

/// Throws when the compressed data ends early. Only for files without an end marker where it should be.
void JpegDecoder::State::check_whole() {
  start(8);
  const std::uint32_t height = library.info().output_height;
  skip_to(height - 1);
  read_lines(height - 1, height, nullptr, 0);
  check_end();
  read_header();
}

void JpegDecoder::State::check_end() const {
  if (library.ended_early()) throw DecodeError("it ends early: the file was cut off");
}

void JpegDecoder::State::start(std::uint32_t shrink) {
  jpeg_decompress_struct& info = library.info();
  const bool inks = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = inks ? JCS_CMYK : JCS_RGB;
  info.scale_num = 1;
  info.scale_denom = shrink;
  info.dct_method = JDCT_ISLOW;
  library.run([&info] { jpeg_start_decompress(&info); });
  grow(row, std::size_t{info.output_width} * kCmykBytes + kPixelPadding);
}

void JpegDecoder::State::skip_to(std::uint32_t line) {
  jpeg_decompress_struct& info = library.info();
  if (line > 0) library.run([&] { jpeg_skip_scanlines(&info, line); });
}

/// Reads up to line `to`, and keeps those from line `from` on.
void JpegDecoder::State::read_lines(std::uint32_t from, std::uint32_t to, std::uint8_t* out,
                                    std::size_t stride) {
  jpeg_decompress_struct& info = library.info();
  const bool inks = info.out_color_space == JCS_CMYK;
  library.run([&] {
    while (info.output_scanline < to) {
      const bool kept = info.output_scanline >= from && out != nullptr;
      std::uint8_t* place = kept ? out + (info.output_scanline - from) * stride : nullptr;
      JSAMPROW line = kept && !inks ? place : row.data();
      if (jpeg_read_scanlines(&info, &line, 1) == 0) break;
      if (kept && inks) cmyk_to_rgb(row.data(), place, info.output_width);
    }
  });
  if (info.output_scanline < to) throw DecodeError("its lines end early");
}

/// Reads what follows the last line; says what is wrong there, or nothing.
std::string JpegDecoder::State::finish() {
  try {
    library.run([this] { jpeg_finish_decompress(&library.info()); });
  } catch (const DecodeError& error) {
    return error.what();
  }
  return library.ended_early() ? "its end mark is missing" : "";
}

JpegDecoder::JpegDecoder() : state_(std::make_unique<State>()) {}
JpegDecoder::JpegDecoder(JpegDecoder&&) noexcept = default;
JpegDecoder& JpegDecoder::operator=(JpegDecoder&&) noexcept = default;
JpegDecoder::~JpegDecoder() = default;

bool JpegDecoder::is_jpeg(std::span<const std::byte> file) noexcept {
  constexpr unsigned char kStart[] = {0xFF, 0xD8, 0xFF};
  return file.size() > sizeof kStart && std::memcmp(file.data(), kStart, sizeof kStart) == 0;
}

PictureHeader JpegDecoder::open(std::span<const std::byte> file) {
  State& state = *state_;
  state.file = file;
  state.read_header();
  const jpeg_decompress_struct& info = state.library.info();
  check_size(info, file.size());
  const PictureHeader header{info.image_width, info.image_height, jpeg_orientation(file), state.grains()};
  if (!jpeg_has_end(file)) state.check_whole();
  return header;
}

PixelView JpegDecoder::decode(const PixelBox& box, std::uint32_t shrink) {
  State& state = *state_;
  jpeg_decompress_struct& info = state.library.info();
  state.start(shrink);

  // Chroma is interpolated from its neighbours, also those outside of the box: a block more on each side, so
  // that no pixel depends on the box.
  const auto block_width = static_cast<std::uint32_t>(info.max_h_samp_factor * info.min_DCT_scaled_size);
  const auto block_height = static_cast<std::uint32_t>(info.max_v_samp_factor * info.min_DCT_scaled_size);
  JDIMENSION left = box.left - std::min(box.left, block_width);
  JDIMENSION width = std::min(info.output_width, box.left + box.width + block_width) - left;
  if (width < info.output_width && !misses_scans(info) && !scales_twice(info)) {
    state.library.run([&] { jpeg_crop_scanline(&info, &left, &width); });
  } else {
    left = 0;
    width = info.output_width;
  }
  const std::uint32_t first_block = box.top / block_height;
  state.skip_to((first_block - std::min(first_block, 1U)) * block_height);

  const std::size_t stride = std::size_t{width} * kPixelBytes;
  grow(state.pixels, stride * box.height + kPixelPadding);
  state.read_lines(box.top, box.top + box.height, state.pixels.data(), stride);
  state.check_end();
  return {state.pixels.data() + (box.left - left) * kPixelBytes, stride, box.width, box.height};
}

void JpegDecoder::decode_whole(std::uint32_t shrink, std::uint8_t* out, std::size_t stride) {
  State& state = *state_;
  state.start(shrink);
  state.read_lines(0, state.library.info().output_height, out, stride);
  state.check_end();
}

std::string JpegDecoder::find_damage() {
  State& state = *state_;
  const jpeg_decompress_struct& info = state.library.info();
  state.start(8);
  std::string damage;
  const auto add = [&damage](const std::string& what) {
    if (!what.empty()) damage += (damage.empty() ? "" : "; ") + what;
  };
  if (misses_scans(info)) add("its last scans are missing: it is coarser than it was");
  if (const int component = missing_component(info))
    add(fmt::format("its component {} of {} is missing", component, info.num_components));
  state.read_lines(0, info.output_height, nullptr, 0);
  state.check_end();
  const std::string end = state.finish();
  add(state.library.warning());
  add(end);
  add(std::string(jpeg_exif_damage(state.file)));
  return damage;
}

}  // namespace feedline
