#include "image/codec/png_decoder.hpp"
#include "image/image_folder_dataset.hpp"
#include "loading.hpp"
#include "temp_folder.hpp"

#include <feedline/data/class_folder.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;

struct Golden {
  const char* name;
  std::uint32_t side;
};

/// A validation sample beside what Pillow makes of the same file (tests/golden/make_resize_goldens.py).
class ResizeGolden : public ::testing::TestWithParam<Golden> {};

std::vector<std::byte> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

TEST_P(ResizeGolden, ValidationIsWithinAGreyLevelOfPillow) {
  const auto [name, side] = GetParam();
  const fs::path goldens = FEEDLINE_GOLDENS;
  const testing::TempFolder folder;
  fs::create_directories(folder / "class");
  fs::copy_file(goldens / (std::string(name) + ".jpg"), folder / "class/picture.jpg");
  const ClassFolder pictures = ClassFolder::open(folder.path(), {}, picture_files());
  const auto source = std::make_shared<PictureSource>(pictures.files(), CacheKind::kNone, 0);
  const ImageFolderDataset data(source, side, Augment::kNone, {pictures.file_classes(), {0}}, 1);
  const auto sample = testing::load(data, {0, 0, 0});

  const auto file = read_file(goldens / (std::string(name) + "-" + std::to_string(side) + ".png"));
  ASSERT_EQ(read_png_header(file).width, side);
  std::vector<std::uint8_t> expected(std::size_t{3} * side * side);
  decode_png(file, {0, 0, side, side}, expected.data(), std::size_t{3} * side);
  double sum = 0;
  const std::size_t pixels = std::size_t{side} * side;
  for (std::size_t i = 0; i < pixels; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const int own = std::to_integer<int>(sample.data[channel * pixels + i]);
      sum += std::abs(own - int{expected[i * 3 + channel]});
    }
  }
  const double mean = sum / static_cast<double>(3 * pixels);
  RecordProperty("mean_difference", std::to_string(mean));
  EXPECT_LE(mean, 1.0);
}

// Downscales from 1 to 8.
INSTANTIATE_TEST_SUITE_P(
    All, ResizeGolden,
    ::testing::Values(Golden{"wide", 210}, Golden{"wide", 150}, Golden{"wide", 105}, Golden{"wide", 70},
                      Golden{"wide", 52}, Golden{"wide", 42}, Golden{"wide", 30}, Golden{"wide", 26},
                      Golden{"tall", 131}, Golden{"tall", 100}, Golden{"tall", 64}, Golden{"tall", 33},
                      Golden{"tall", 16}, Golden{"soft", 70}, Golden{"soft", 52}, Golden{"soft", 26}),
    [](const auto& given) { return given.param.name + std::to_string(given.param.side); });

}  // namespace
}  // namespace feedline
