#include <feedline/data/picture/canvas.hpp>
#include <feedline/data/picture/spectrogram_sheet.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace feedline {
namespace {

constexpr std::uint32_t kGap = 4;
constexpr std::uint32_t kCaptionHeight = 12;
constexpr std::uint32_t kLeastWidth = 320;
constexpr std::size_t kMostShown = 32;

constexpr std::uint32_t kZoom = 3;          ///< pixels of a frame, and of a band
constexpr std::uint32_t kLetterHeight = 8;  ///< of a letter's row in an alignment
constexpr std::uint32_t kAxisWidth = 32, kAxisHeight = 14, kTick = 4;
constexpr double kTickSeconds = 0.5;
constexpr std::size_t kTickFrames = 50;
constexpr std::size_t kTickBands = 20;
constexpr std::uint8_t kAxisLight = 160;

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

/// A table of numbers with axes and a caption.
struct Panel {
  std::span<const float> values;
  std::size_t frames;
  Range range;
  std::uint32_t row_height;
  std::string caption;
  bool bands;  ///< whether its rows are those, else letters

  std::size_t rows() const noexcept { return values.size() / frames; }
  std::uint32_t pixels() const noexcept { return static_cast<std::uint32_t>(rows()) * row_height; }
};

std::vector<Panel> panels_of(const SpeechPicture& picture) {
  const Range range = range_of(picture.recorded);
  std::vector<Panel> panels = {
      {picture.recorded, picture.frames, range, kZoom, "recorded: " + picture.text, true},
      {picture.predicted, picture.frames, range, kZoom, "predicted, with the durations of the recording",
       true}};
  if (!picture.spoken.empty())
    panels.push_back({picture.spoken, picture.spoken_frames, range, kZoom,
                      "predicted, with durations as predicted", true});
  if (!picture.alignment.empty())
    panels.push_back({picture.alignment,
                      picture.frames,
                      {0, 1},
                      kLetterHeight,
                      "alignment: letters upwards, time to the right",
                      false});
  return panels;
}

std::uint32_t panel_height(const Panel& panel) {
  return panel.pixels() + kAxisHeight + kCaptionHeight + 2 * kGap;
}

void draw_time_axis(Canvas& canvas, const Panel& panel, double frames_per_second, std::uint32_t y) {
  const double step = frames_per_second > 0 ? kTickSeconds * frames_per_second : kTickFrames;
  for (std::size_t tick = 0; static_cast<double>(tick) * step < static_cast<double>(panel.frames); ++tick) {
    const auto x = kAxisWidth + static_cast<std::uint32_t>(static_cast<double>(tick) * step) * kZoom;
    canvas.fill(x, y, x + 1, y + kTick, kAxisLight);
    const std::string label = frames_per_second > 0
                                  ? fmt::format("{:.1f} s", static_cast<double>(tick) * kTickSeconds)
                                  : std::to_string(tick * kTickFrames);
    canvas.text(label, x, y + kTick, canvas.width() - x);
  }
}

void draw_band_axis(Canvas& canvas, const Panel& panel, std::uint32_t bottom) {
  for (std::size_t band = 0; band < panel.rows(); band += kTickBands) {
    const std::uint32_t y = bottom - static_cast<std::uint32_t>(band) * panel.row_height - 1;
    canvas.fill(kAxisWidth - kTick, y, kAxisWidth, y + 1, kAxisLight);
    canvas.text(std::to_string(band), kGap, y - std::min(y, 7U), kAxisWidth - kTick - kGap);
  }
}

void draw_panel(Canvas& canvas, const Panel& panel, double frames_per_second, std::uint32_t top) {
  canvas.heat(panel.values, panel.frames, panel.range.low, panel.range.high, kAxisWidth, top, kZoom,
              panel.row_height);
  const std::uint32_t bottom = top + panel.pixels();
  if (panel.bands) draw_band_axis(canvas, panel, bottom);
  draw_time_axis(canvas, panel, frames_per_second, bottom);
  canvas.text(panel.caption, kAxisWidth, bottom + kAxisHeight, canvas.width() - kAxisWidth);
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

std::vector<std::byte> draw_speech(std::span<const SpeechPicture> pictures) {
  std::uint32_t width = kLeastWidth, height = kGap;
  for (const SpeechPicture& picture : pictures) {
    for (const Panel& panel : panels_of(picture)) {
      width = std::max(width, kAxisWidth + static_cast<std::uint32_t>(panel.frames) * kZoom + 2 * kGap);
      height += panel_height(panel);
    }
  }
  Canvas canvas(width, height);
  std::uint32_t top = kGap;
  for (const SpeechPicture& picture : pictures) {
    for (const Panel& panel : panels_of(picture)) {
      draw_panel(canvas, panel, picture.frames_per_second, top);
      top += panel_height(panel);
    }
  }
  return canvas.to_png();
}

}  // namespace feedline
