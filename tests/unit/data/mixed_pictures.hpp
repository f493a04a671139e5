#pragma once

#include "jpeg_files.hpp"
#include "jpeg_parts.hpp"
#include "png_files.hpp"
#include "png_parts.hpp"

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace feedline::testing {

struct NamedFile {
  std::string name;
  std::vector<std::byte> bytes;
};

inline constexpr unsigned kHuffmanTables = 0xC4, kQuantTables = 0xDB, kRestartInterval = 0xDD;

inline std::vector<std::byte> with_flipped_bits(std::vector<std::byte> file, std::mt19937& random) {
  const auto flips = 1 + random() % 5;
  for (unsigned i = 0; i < flips; ++i)
    file[random() % file.size()] ^= static_cast<std::byte>(1U << random() % 8);
  return file;
}

inline void add_jpegs(std::vector<NamedFile>& files) {
  const std::vector<NamedFile> whole = {
      {"plain", make_jpeg({.width = 70, .height = 50})},
      {"coarse", make_jpeg({.width = 90, .height = 66, .quality = 20, .optimized = true})},
      {"fine", make_jpeg({.width = 51, .height = 77, .quality = 97, .horizontal = 1, .vertical = 1})},
      {"progressive", make_jpeg({.width = 83, .height = 59, .progressive = true})},
      {"restarts", make_jpeg({.width = 64, .height = 64, .restart_rows = 1, .optimized = true})},
      {"gray", make_jpeg({.width = 60, .height = 40, .space = JCS_GRAYSCALE})},
      {"cmyk", make_jpeg({.width = 48, .height = 56, .space = JCS_CMYK})},
      {"ycck", make_jpeg({.width = 48, .height = 56, .space = JCS_YCCK})},
      {"rgb", make_jpeg({.width = 40, .height = 40, .space = JCS_RGB})},
      {"unmarked", make_jpeg({.width = 48, .height = 56, .space = JCS_CMYK, .marked = false})},
      {"arithmetic", make_jpeg({.width = 72, .height = 48, .arithmetic = true})},
      {"arithmetic_progressive",
       make_jpeg({.width = 72, .height = 48, .progressive = true, .arithmetic = true})}};
  std::mt19937 random(11);
  for (const auto& [name, file] : whole) {
    files.push_back({name, file});
    files.push_back({name + "_without_huffman", without_marker(file, kHuffmanTables)});
    files.push_back({name + "_without_quant", without_marker(file, kQuantTables)});
    files.push_back({name + "_without_restart", without_marker(file, kRestartInterval)});
    files.push_back({name + "_cut_marked", cut_with_end(file, 0.7)});
    files.push_back({name + "_first_scan", first_scan(file)});
    files.push_back({name + "_cut", {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(400)}});
    for (const char* damage : {"_x", "_y", "_z"})
      files.push_back({name + damage, with_flipped_bits(file, random)});
  }
  files.push_back({"turned", with_orientation(whole[0].bytes, 6)});
}

inline void add_pngs(std::vector<NamedFile>& files) {
  const std::vector<NamedFile> whole = {
      {"png", make_png({.width = 64, .height = 44})},
      {"png_interlaced", make_png({.width = 45, .height = 71, .interlaced = true})},
      {"png_16", make_png({.width = 30, .height = 41, .depth = 16})},
      {"png_gray1", make_png({.width = 67, .height = 30, .depth = 1, .color = SPNG_COLOR_TYPE_GRAYSCALE})},
      {"png_palette", make_png({.width = 50, .height = 50, .depth = 4, .color = SPNG_COLOR_TYPE_INDEXED})}};
  std::mt19937 random(12);
  for (const auto& [name, file] : whole) {
    files.push_back({name, file});
    files.push_back({name + "_turned", with_chunks(file, png_chunk("eXIf", tiff_block(3, 8)))});
    files.push_back(
        {name + "_cut", {file.begin(), file.end() - static_cast<std::ptrdiff_t>(file.size() / 3)}});
    files.push_back({name + "_bad_text", with_chunks(file, png_chunk("tEXt", "a", false))});
    for (const char* damage : {"_x", "_y"}) files.push_back({name + damage, with_flipped_bits(file, random)});
  }
}

/// Pictures of every kind, whole ones and such as are damaged in every way.
inline std::vector<NamedFile> mixed_pictures() {
  std::vector<NamedFile> files;
  add_jpegs(files);
  add_pngs(files);
  files.push_back({"text", std::vector<std::byte>(100, std::byte{'t'})});
  files.push_back({"start", {std::byte{0xFF}, std::byte{0xD8}, std::byte{0xFF}, std::byte{0xD9}}});
  return files;
}

}  // namespace feedline::testing
