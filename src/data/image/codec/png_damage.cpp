#include "png_damage.hpp"

#include "png_chunks.hpp"
#include "png_orientation.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <new>
#include <string_view>

namespace feedline {
namespace {

constexpr std::size_t kRoom = std::size_t{64} << 10;

/// Unpacks the pixels of a file to see whether they end as they should.
class PixelCheck {
 public:
  PixelCheck() {
    if (inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
  }
  PixelCheck(const PixelCheck&) = delete;
  PixelCheck& operator=(const PixelCheck&) = delete;
  ~PixelCheck() { inflateEnd(&stream_); }

  void add(std::span<const std::byte> packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (code_ == Z_OK && stream_.avail_in > 0) {
      stream_.next_out = room_.data();
      stream_.avail_out = static_cast<uInt>(room_.size());
      code_ = inflate(&stream_, Z_NO_FLUSH);
    }
    if (code_ == Z_STREAM_END && stream_.avail_in > 0) goes_on_ = true;
  }

  std::string_view result() const noexcept {
    if (code_ == Z_STREAM_END) return goes_on_ ? "more data follows its pixels" : "";
    return code_ == Z_OK ? "its packed pixels have no end" : "the checksum of its pixels is wrong";
  }

 private:
  z_stream stream_{};
  int code_ = Z_OK;
  bool goes_on_ = false;
  std::array<Bytef, kRoom> room_;
};

class Findings {
 public:
  void add(std::string_view what) {
    if (what.empty() || text_.find(what) != text_.npos) return;
    if (!text_.empty()) text_ += "; ";
    text_ += what;
  }
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace

std::string find_png_damage(std::span<const std::byte> file) {
  Findings found;
  PixelCheck pixels;
  bool between = false;  // whether pixels came before, and something else since
  bool had_pixels = false;
  PngChunks chunks(file);
  while (const auto chunk = chunks.next()) {
    if (chunk->type == "IDAT") {
      if (between) found.add("its pixels are interrupted by other data");
      had_pixels = true;
      pixels.add(chunk->content);
    } else {
      between = had_pixels;
    }
    if (!chunk->is_intact()) found.add(fmt::format("the checksum of its part '{}' is wrong", chunk->type));
  }
  found.add(pixels.result());
  found.add(png_orientation_damage(file));
  return found.text();
}

}  // namespace feedline
