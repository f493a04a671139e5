#include <feedline/data/picture/canvas.hpp>
#include <feedline/data/picture/contact_sheet.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace feedline {
namespace {

constexpr std::uint32_t kLeastSide = 96;
constexpr std::uint32_t kCaptionHeight = 12;
constexpr std::uint32_t kGap = 4;

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
      canvas.text(captions[i], left, top + picture.height * zoom + 2, picture.width * zoom);
  }
  canvas.write(path);
}

}  // namespace feedline
