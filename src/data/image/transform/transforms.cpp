#include <feedline/data/image/transforms.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace feedline {
namespace {

constexpr std::int64_t kWord = sizeof(std::uint64_t);

std::size_t size(std::int64_t bytes) {
  return static_cast<std::size_t>(bytes);
}

void copy_word_reversed(const std::byte* from, std::byte* to) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  word = __builtin_bswap64(word);
  std::memcpy(to, &word, sizeof word);
}

/// to[i] = from[bytes - 1 - i], eight bytes at a time; the last word overlaps the one before.
void copy_reversed(const std::byte* from, std::byte* to, std::int64_t bytes) noexcept {
  if (bytes < kWord) {
    std::reverse_copy(from, from + bytes, to);
    return;
  }
  for (std::int64_t at = 0; at + kWord <= bytes; at += kWord) {
    copy_word_reversed(from + bytes - kWord - at, to + at);
  }
  copy_word_reversed(from, to + bytes - kWord);
}

/// Column by column: a row has few of them, and short calls of memset would cost more than the rest.
void clear_columns(std::byte* plane, std::int64_t rows, std::int64_t width, std::int64_t first,
                   std::int64_t last) noexcept {
  for (std::int64_t column = first; column < last; ++column) {
    for (std::int64_t row = 0; row < rows; ++row) plane[row * width + column] = std::byte{0};
  }
}

/// One plane, of which the rows and columns that come from the source are not empty.
void move_plane(const std::byte* from, std::byte* to, std::int64_t height, std::int64_t width, Shift shift,
                bool flip) noexcept {
  const std::int64_t first_row = std::max<std::int64_t>(shift.down, 0);
  const std::int64_t rows = height - std::abs(shift.down);
  const std::int64_t first_column = std::max<std::int64_t>(shift.right, 0);
  const std::int64_t columns = width - std::abs(shift.right);
  from += std::max<std::int64_t>(-shift.down, 0) * width + std::max<std::int64_t>(-shift.right, 0);

  std::memset(to, 0, size(first_row * width));
  std::memset(to + (first_row + rows) * width, 0, size((height - first_row - rows) * width));
  to += first_row * width;
  const std::int64_t start = flip ? width - first_column - columns : first_column;
  if (flip) {
    for (std::int64_t row = 0; row < rows; ++row) {
      copy_reversed(from + row * width, to + row * width + start, columns);
    }
  } else {
    std::memcpy(to + start, from, size((rows - 1) * width + columns));  // with what lies between the rows
  }
  clear_columns(to, rows, width, 0, start);
  clear_columns(to, rows, width, start + columns, width);
}

}  // namespace

Shift RandomCrop::draw(Philox& random) const noexcept {
  const auto places = static_cast<std::uint32_t>(2 * padding + 1);
  const std::int64_t top = random.next_below(places);
  const std::int64_t left = random.next_below(places);
  return {padding - top, padding - left};
}

void shift_and_flip(std::span<const std::byte> source, std::span<std::byte> destination,
                    const ImageShape& shape, Shift shift, bool flip) noexcept {
  if (std::abs(shift.down) >= shape.height || std::abs(shift.right) >= shape.width) {
    std::memset(destination.data(), 0, shape.bytes());
    return;
  }
  const std::int64_t plane = shape.height * shape.width;
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    move_plane(source.data() + channel * plane, destination.data() + channel * plane, shape.height,
               shape.width, shift, flip);
  }
}

}  // namespace feedline
