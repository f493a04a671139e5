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

  jpeg_start_compress(&info, TRUE);
  const auto picture = made_up_picture(kind.width, kind.height);
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

/// `file` with an EXIF block that declares `orientation`.
inline std::vector<std::byte> with_orientation(const std::vector<std::byte>& file, int orientation) {
  const unsigned char block[] = {0xFF,
                                 0xE1,
                                 0,
                                 34,
                                 'E',
                                 'x',
                                 'i',
                                 'f',
                                 0,
                                 0,
                                 'I',
                                 'I',
                                 42,
                                 0,
                                 8,
                                 0,
                                 0,
                                 0,
                                 1,
                                 0,
                                 0x12,
                                 0x01,
                                 3,
                                 0,
                                 1,
                                 0,
                                 0,
                                 0,
                                 static_cast<unsigned char>(orientation),
                                 0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0};
  std::vector<std::byte> result(file.begin(), file.begin() + 2);
  for (const unsigned char byte : block) result.push_back(static_cast<std::byte>(byte));
  result.insert(result.end(), file.begin() + 2, file.end());
  return result;
}

}  // namespace feedline::testing
