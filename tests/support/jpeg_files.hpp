#pragma once

#include <cmath>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include <jpeglib.h>

namespace feedline::testing {

/// How a test's JPEG file is written.
struct JpegKind {
  std::uint32_t width = 64;
  std::uint32_t height = 48;
  int quality = 90;
  int horizontal = 2;  ///< how much finer brightness is sampled than colour
  int vertical = 2;
  bool progressive = false;
  int restart_rows = 0;
  J_COLOR_SPACE space = JCS_YCbCr;  ///< of the file; JCS_GRAYSCALE, JCS_CMYK and JCS_YCCK too
  bool optimized = false;           ///< with Huffman tables of its own
  bool arithmetic = false;
  bool marked = true;           ///< with the markers of JFIF and Adobe
  bool separate_scans = false;  ///< a scan for each of three colours
  bool flat = false;            ///< of one colour
};

/// A smooth picture with edges in it, so that neighbours matter. RGB bytes.
inline std::vector<std::uint8_t> made_up_picture(std::uint32_t width, std::uint32_t height) {
  std::vector<std::uint8_t> pixels;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const bool edge = (x / 13 + y / 9) % 3 == 0;
      pixels.push_back(static_cast<std::uint8_t>(127 + 120 * std::sin(x * 0.11 + y * 0.05)));
      pixels.push_back(static_cast<std::uint8_t>(edge ? 220 : 60 + (x * 7 + y * 3) % 50));
      pixels.push_back(static_cast<std::uint8_t>((x ^ y) & 0xFF));
    }
  }
  return pixels;
}

/// The file's bytes.
inline std::vector<std::byte> make_jpeg(const JpegKind& kind) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long bytes = 0;
  jpeg_mem_dest(&info, &memory, &bytes);

  const bool inks = kind.space == JCS_CMYK || kind.space == JCS_YCCK;
  info.image_width = kind.width;
  info.image_height = kind.height;
  info.input_components = inks ? 4 : 3;
  info.in_color_space = inks ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, kind.space);
  jpeg_set_quality(&info, kind.quality, TRUE);
  if (kind.space == JCS_YCbCr || kind.space == JCS_YCCK) {
    info.comp_info[0].h_samp_factor = kind.horizontal;
    info.comp_info[0].v_samp_factor = kind.vertical;
  }
  info.restart_in_rows = kind.restart_rows;
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_scan_info scans[3] = {};
  for (int i = 0; i < 3; ++i) scans[i] = {1, {i}, 0, 63, 0, 0};
  if (kind.separate_scans) {
    info.scan_info = scans;
    info.num_scans = 3;
  }
  info.optimize_coding = kind.optimized ? TRUE : FALSE;
  info.arith_code = kind.arithmetic ? TRUE : FALSE;
  if (!kind.marked) info.write_JFIF_header = info.write_Adobe_marker = FALSE;

  jpeg_start_compress(&info, TRUE);
  const auto picture = kind.flat ? std::vector<std::uint8_t>(std::size_t{kind.width} * kind.height * 3, 255)
                                 : made_up_picture(kind.width, kind.height);
  std::vector<std::uint8_t> line;
  while (info.next_scanline < info.image_height) {
    line.clear();
    for (std::uint32_t x = 0; x < kind.width; ++x) {
      const std::uint8_t* pixel = &picture[(std::size_t{info.next_scanline} * kind.width + x) * 3];
      for (int channel = 0; channel < 3; ++channel) line.push_back(pixel[channel]);
      if (inks) line.push_back(static_cast<std::uint8_t>(255 - pixel[0] / 4));
    }
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  const auto* begin = reinterpret_cast<const std::byte*>(memory);
  std::vector<std::byte> file(begin, begin + bytes);
  jpeg_destroy_compress(&info);
  std::free(memory);
  return file;
}

}  // namespace feedline::testing
