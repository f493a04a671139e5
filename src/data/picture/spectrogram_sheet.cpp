#include <feedline/data/picture/canvas.hpp>
#include <feedline/data/picture/spectrogram_sheet.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace feedline {
namespace {

constexpr std::uint32_t kGap = 4;
constexpr std::uint32_t kCaptionHeight = 12;
constexpr std::uint32_t kLeastWidth = 320;
constexpr std::uint32_t kLetterHeight = 4;  ///< of a letter's row in an alignment
constexpr std::size_t kMostShown = 32;

struct Range {
  float low, high;
};

Range range_of(std::span<const float> values) {
  if (values.empty()) return {0, 1};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

/// The spectrogram in row `row` of a batch, without its padding.
std::vector<float> mel_of(const Slot& batch, std::uint32_t row, std::size_t bands, std::size_t& frames) {
  const auto mel = batch.row(batch.layout().index("mel"), row);
  std::int64_t length = 0;
  std::memcpy(&length, batch.row(batch.layout().index("lengths"), row).data(), sizeof length);
  const std::size_t room = mel.size() / sizeof(float) / bands;
  frames = std::clamp<std::size_t>(static_cast<std::size_t>(length), 1, room);
  std::vector<float> values(bands * frames);
  for (std::size_t band = 0; band < bands; ++band)
    std::memcpy(values.data() + band * frames, mel.data() + band * room * sizeof(float),
                frames * sizeof(float));
  return values;
}

void paint(Canvas& canvas, std::span<const float> values, std::size_t frames, Range range, std::uint32_t top,
           std::uint32_t zoom_y) {
  canvas.heat(values, frames, range.low, range.high, kGap, top, 1, zoom_y);
}

}  // namespace

void write_spectrogram_sheet(const std::filesystem::path& path, const Slot& batch,
                             std::span<const std::string> captions) {
  const auto& shape = batch.layout().tensors()[batch.layout().index("mel")].shape;
  const auto bands = static_cast<std::size_t>(shape[0]);
  const std::size_t shown = std::min<std::size_t>(batch.header().count, kMostShown);
  const auto cell = static_cast<std::uint32_t>(bands) + kCaptionHeight + kGap;
  const std::uint32_t width = std::max(static_cast<std::uint32_t>(shape[1]), kLeastWidth);
  Canvas canvas(width + 2 * kGap, static_cast<std::uint32_t>(std::max<std::size_t>(shown, 1)) * cell + kGap);
  for (std::uint32_t row = 0; row < shown; ++row) {
    std::size_t frames = 0;
    const auto values = mel_of(batch, row, bands, frames);
    const std::uint32_t top = kGap + row * cell;
    paint(canvas, values, frames, range_of(values), top, 1);
    if (row < captions.size())
      canvas.text(captions[row], kGap, top + static_cast<std::uint32_t>(bands) + 2, width);
  }
  canvas.write(path);
}

std::vector<std::byte> draw_speech(const SpeechPicture& picture) {
  const auto bands = static_cast<std::uint32_t>(picture.recorded.size() / picture.frames);
  const auto letters = static_cast<std::uint32_t>(picture.alignment.size() / picture.frames);
  const std::uint32_t width = std::max(static_cast<std::uint32_t>(picture.frames), kLeastWidth);
  const std::uint32_t cell = bands + kCaptionHeight + kGap;
  Canvas canvas(width + 2 * kGap, 2 * cell + letters * kLetterHeight + kCaptionHeight + 3 * kGap);
  const Range range = range_of(picture.recorded);
  paint(canvas, picture.recorded, picture.frames, range, kGap, 1);
  canvas.text("recorded: " + picture.text, kGap, kGap + bands + 2, width);
  paint(canvas, picture.predicted, picture.frames, range, kGap + cell, 1);
  canvas.text("predicted", kGap, kGap + cell + bands + 2, width);
  paint(canvas, picture.alignment, picture.frames, {0, 1}, kGap + 2 * cell, kLetterHeight);
  canvas.text("alignment: letters upwards, time to the right", kGap,
              kGap + 2 * cell + letters * kLetterHeight + 2, width);
  return canvas.to_png();
}

}  // namespace feedline
