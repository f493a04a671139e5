#include <feedline/common/errors.hpp>
#include <feedline/data/image/contact_sheet.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

// Single-header libraries that are compiled here, with the warnings that their style gives rise to.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wunused-function"
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_easy_font.h>
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace feedline {
namespace {

constexpr std::uint32_t kLeastSide = 96;
constexpr std::uint32_t kCaptionHeight = 12;
constexpr std::uint32_t kGap = 4;
constexpr std::uint8_t kBackground = 24;
constexpr std::uint8_t kText = 230;

/// RGB pixels that are painted on.
class Canvas {
 public:
  Canvas(std::uint32_t width, std::uint32_t height)
      : width_(width), height_(height), pixels_(std::size_t{width} * height * 3, kBackground) {}

  void set(std::uint32_t x, std::uint32_t y, std::size_t channel, std::uint8_t value) {
    if (x < width_ && y < height_) pixels_[(std::size_t{y} * width_ + x) * 3 + channel] = value;
  }

  void fill(std::uint32_t left, std::uint32_t top, std::uint32_t right, std::uint32_t bottom,
            std::uint8_t value) {
    for (std::uint32_t y = top; y < bottom; ++y) {
      for (std::uint32_t x = left; x < right; ++x) {
        for (std::size_t channel = 0; channel < 3; ++channel) set(x, y, channel, value);
      }
    }
  }

  bool write(const std::filesystem::path& path) const {
    return stbi_write_png(path.c_str(), static_cast<int>(width_), static_cast<int>(height_), 3,
                          pixels_.data(), static_cast<int>(width_ * 3)) != 0;
  }

 private:
  std::uint32_t width_, height_;
  std::vector<std::uint8_t> pixels_;
};

struct Picture {
  std::span<const std::byte> planes;
  std::uint32_t channels = 0, height = 0, width = 0;
};

void paint_picture(Canvas& canvas, const Picture& picture, std::uint32_t left, std::uint32_t top,
                   std::uint32_t zoom) {
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const std::size_t plane =
        std::min<std::size_t>(channel, picture.channels - 1) * picture.height * picture.width;
    for (std::uint32_t y = 0; y < picture.height * zoom; ++y) {
      for (std::uint32_t x = 0; x < picture.width * zoom; ++x) {
        const std::size_t at = plane + std::size_t{y / zoom} * picture.width + x / zoom;
        canvas.set(left + x, top + y, channel, std::to_integer<std::uint8_t>(picture.planes[at]));
      }
    }
  }
}

/// As many letters as fit into `width`.
void paint_text(Canvas& canvas, const std::string& text, std::uint32_t left, std::uint32_t top,
                std::uint32_t width) {
  struct Corner {
    float x, y, z;
    std::array<unsigned char, 4> color;
  };
  std::string shown;
  for (const char letter : text) {
    if (letter < ' ' || letter > '~') continue;
    shown += letter;
    if (stb_easy_font_width(shown.data()) > static_cast<int>(width)) {
      shown.pop_back();
      break;
    }
  }
  std::vector<Corner> corners(shown.size() * 64 + 64);
  const int quads = stb_easy_font_print(0, 0, shown.data(), nullptr, corners.data(),
                                        static_cast<int>(corners.size() * sizeof(Corner)));
  for (std::size_t quad = 0; quad < static_cast<std::size_t>(quads); ++quad) {
    const Corner& first = corners[quad * 4];
    const Corner& opposite = corners[quad * 4 + 2];
    canvas.fill(left + static_cast<std::uint32_t>(first.x), top + static_cast<std::uint32_t>(first.y),
                left + static_cast<std::uint32_t>(opposite.x), top + static_cast<std::uint32_t>(opposite.y),
                kText);
  }
}

}  // namespace

void write_contact_sheet(const std::filesystem::path& path, const Slot& batch,
                         std::span<const std::string> captions) {
  const std::size_t tensor = batch.layout().index("image");
  const auto& shape = batch.layout().tensors()[tensor].shape;
  Picture picture{{},
                  static_cast<std::uint32_t>(shape[0]),
                  static_cast<std::uint32_t>(shape[1]),
                  static_cast<std::uint32_t>(shape[2])};
  const std::uint32_t count = std::max(batch.header().count, 1U);
  const std::uint32_t zoom = std::max(1U, (kLeastSide + picture.width - 1) / picture.width);
  const auto columns = static_cast<std::uint32_t>(std::ceil(std::sqrt(count)));
  const std::uint32_t rows = (count + columns - 1) / columns;
  const std::uint32_t cell_width = picture.width * zoom + kGap,
                      cell_height = picture.height * zoom + kCaptionHeight + kGap;
  Canvas canvas(columns * cell_width + kGap, rows * cell_height + kGap);
  for (std::uint32_t i = 0; i < batch.header().count; ++i) {
    const std::uint32_t left = kGap + i % columns * cell_width, top = kGap + i / columns * cell_height;
    picture.planes = batch.row(tensor, i);
    paint_picture(canvas, picture, left, top, zoom);
    if (i < captions.size())
      paint_text(canvas, captions[i], left, top + picture.height * zoom + 2, picture.width * zoom);
  }
  if (!canvas.write(path))
    throw UsageError("Cannot write " + path.string() + ". Check folder and permissions.");
}

}  // namespace feedline
