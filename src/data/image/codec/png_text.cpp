#include "png_text.hpp"

#include <zlib.h>

#include <cstddef>
#include <new>

namespace feedline {
namespace {

constexpr std::size_t kMostText = std::size_t{8} << 20;
constexpr std::size_t kFirstRoom = 4096;

struct Inflater {
  z_stream stream{};
  Inflater() {
    if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
};

std::optional<std::string> unpack(std::string_view packed) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string text;
  for (std::size_t room = kFirstRoom; room <= kMostText; room *= 2) {
    text.resize(room);
    stream.next_out = reinterpret_cast<Bytef*>(text.data()) + stream.total_out;
    stream.avail_out = static_cast<uInt>(room - stream.total_out);
    const int code = inflate(&stream, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      text.resize(stream.total_out);
      return text;
    }
    if (code != Z_OK || stream.avail_out > 0) return std::nullopt;
  }
  return std::nullopt;
}

/// Takes what stands before the next zero off `text`.
std::optional<std::string_view> take_field(std::string_view& text) noexcept {
  const std::size_t end = text.find('\0');
  if (end == text.npos) return std::nullopt;
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(end + 1);
  return field;
}

std::string_view content_of(const PngChunk& chunk) noexcept {
  return {reinterpret_cast<const char*>(chunk.content.data()), chunk.content.size()};
}

}  // namespace

std::string_view png_keyword(const PngChunk& chunk) noexcept {
  if (chunk.type != "tEXt" && chunk.type != "zTXt" && chunk.type != "iTXt") return {};
  std::string_view content = content_of(chunk);
  return take_field(content).value_or(std::string_view{});
}

std::optional<std::string> png_text(const PngChunk& chunk) {
  std::string_view content = content_of(chunk);
  if (!take_field(content)) return std::nullopt;
  if (chunk.type == "tEXt") return std::string(content.substr(0, kMostText));
  if (chunk.type == "zTXt") {
    if (content.empty() || content[0] != 0) return std::nullopt;
    return unpack(content.substr(1));
  }
  if (chunk.type != "iTXt" || content.size() < 2) return std::nullopt;
  const bool packed = content[0] != 0;
  if (packed && content[1] != 0) return std::nullopt;
  content.remove_prefix(2);
  if (!take_field(content) || !take_field(content)) return std::nullopt;  // language, translated keyword
  return packed ? unpack(content) : std::string(content.substr(0, kMostText));
}

}  // namespace feedline
