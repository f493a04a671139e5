#include "resize.hpp"

#include <algorithm>
#include <cstring>

// Highway compiles this file once for each instruction set; the best one that the machine has is chosen when
// it is called. The least is that of x86-64-v2 (CMakeLists.txt).
// Vectors of SVE have no size, so they cannot be members or elements of arrays; NEON serves there.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "image/transform/resize.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace feedline::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Output rows are made in strips of so many. In a strip the rows of one input column lie side by side, so
/// that scaling the columns needs no gathering: a vector holds one column of many rows.
constexpr std::uint32_t kStripRows = 16;
constexpr std::size_t kCacheLine = 64;
constexpr std::uint32_t kTile = 8;  ///< rows or columns that are transposed together

#if HWY_MAX_BYTES >= 32 && !HWY_HAVE_SCALABLE
using Wide = hn::FixedTag<std::uint16_t, 16>;
#else
using Wide = hn::FixedTag<std::uint16_t, 8>;
#endif
using Vector = hn::Vec<Wide>;
constexpr Wide kWide;
constexpr std::size_t kLanes = hn::MaxLanes(kWide);

/// Each product of a tap loses half a unit on average, as it is cut and not rounded; this puts it back.
/// Bounded, so that white does not overflow.
HWY_INLINE Vector lost_by_cutting(std::uint32_t taps) {
  return hn::Set(kWide, static_cast<std::uint16_t>(std::min(taps / 2, 120U)));
}

/// Weighted sum of bytes `step` apart, lanes side by side, in units of 1/256.
HWY_INLINE Vector weigh_rows(const std::uint8_t* HWY_RESTRICT from, std::size_t step,
                             const std::uint16_t* HWY_RESTRICT weights, std::uint32_t count) {
  const hn::Rebind<std::uint8_t, Wide> bytes;
  Vector sum = lost_by_cutting(count);
  for (std::uint32_t tap = 0; tap < count; ++tap, from += step) {
    const Vector value = hn::ShiftLeft<8>(hn::PromoteTo(kWide, hn::LoadU(bytes, from)));
    sum = hn::Add(sum, hn::MulHigh(value, hn::Set(kWide, weights[tap])));
  }
  return sum;
}

/// The same over columns of a strip, rounded to bytes.
HWY_INLINE Vector weigh_columns(const std::uint16_t* HWY_RESTRICT from, std::size_t step,
                                const std::uint16_t* HWY_RESTRICT weights, std::uint32_t count) {
  Vector sum = hn::Add(hn::Set(kWide, 128), lost_by_cutting(count));
  for (std::uint32_t tap = 0; tap < count; ++tap, from += step) {
    sum = hn::Add(sum, hn::MulHigh(hn::LoadU(kWide, from), hn::Set(kWide, weights[tap])));
  }
  return hn::ShiftRight<8>(sum);
}

/// Transposes each 128-bit block of the eight vectors: lane j of vector i changes places with lane i of
/// vector j.
HWY_INLINE void transpose(Vector (&v)[kTile]) {
  const hn::Repartition<std::uint32_t, Wide> d32;
  const hn::Repartition<std::uint64_t, Wide> d64;
  Vector pairs[kTile];
  for (std::size_t i = 0; i < kTile; i += 2) {
    pairs[i] = hn::InterleaveLower(kWide, v[i], v[i + 1]);
    pairs[i + 1] = hn::InterleaveUpper(kWide, v[i], v[i + 1]);
  }
  hn::Vec<decltype(d64)> quads[kTile];
  for (std::size_t half = 0; half < 2; ++half) {
    for (std::size_t upper = 0; upper < 2; ++upper) {
      const auto a = hn::BitCast(d32, pairs[half * 4 + upper]);
      const auto b = hn::BitCast(d32, pairs[half * 4 + upper + 2]);
      quads[half * 4 + upper * 2] = hn::BitCast(d64, hn::InterleaveLower(d32, a, b));
      quads[half * 4 + upper * 2 + 1] = hn::BitCast(d64, hn::InterleaveUpper(d32, a, b));
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    v[i * 2] = hn::BitCast(kWide, hn::InterleaveLower(d64, quads[i], quads[i + 4]));
    v[i * 2 + 1] = hn::BitCast(kWide, hn::InterleaveUpper(d64, quads[i], quads[i + 4]));
  }
}

/// Asks for a part of the input rows of a strip before it is made: it is read column by column, which the
/// processor does not foresee.
HWY_INLINE void prefetch_rows(const std::uint8_t* pixels, std::size_t stride, const ResizeTaps& rows,
                              std::uint32_t first_row) {
  if (first_row >= rows.size()) return;
  const std::uint32_t end = rows.start(first_row + kStripRows - 1) + rows.count();
  for (std::uint32_t row = rows.start(first_row); row < end; ++row) hwy::Prefetch(pixels + row * stride);
}

/// Scales rows: `kStripRows` output rows of `columns` byte columns into the strip.
HWY_INLINE void fill_strip(const std::uint8_t* HWY_RESTRICT pixels, std::size_t stride, std::size_t columns,
                           const ResizeTaps& rows, std::uint32_t first_row,
                           std::uint16_t* HWY_RESTRICT strip) {
  for (std::uint32_t group = 0; group < kStripRows; group += kTile) {
    for (std::size_t column = 0; column < columns; column += kLanes) {
      if (group == 0 && column % kCacheLine == 0)
        prefetch_rows(pixels + column, stride, rows, first_row + kStripRows);
      Vector v[kTile];
      for (std::uint32_t i = 0; i < kTile; ++i) {
        const std::uint32_t row = first_row + group + i;
        v[i] =
            weigh_rows(pixels + rows.start(row) * stride + column, stride, rows.weights(row), rows.count());
      }
      transpose(v);
      std::uint16_t* to = strip + column * kStripRows + group;
      for (std::size_t i = 0; i < kTile; ++i, to += kStripRows) {
        if constexpr (kLanes == 16) {
          const hn::Half<Wide> half;
          hn::StoreU(hn::LowerHalf(half, v[i]), half, to);
          hn::StoreU(hn::UpperHalf(half, v[i]), half, to + kTile * kStripRows);
        } else {
          hn::StoreU(v[i], kWide, to);
        }
      }
    }
  }
}

/// Scales columns: eight output columns of one channel of the strip, as rows of eight bytes.
HWY_INLINE void scale_tile(const std::uint16_t* HWY_RESTRICT strip, const ResizeTaps& columns,
                           std::uint32_t first_column, std::uint32_t origin,
                           std::uint8_t (&tile)[kStripRows][kTile]) {
  const hn::RebindToSigned<Wide> words;
  const hn::Rebind<std::uint8_t, Wide> bytes;
  for (std::uint32_t lane = 0; lane < kStripRows; lane += kLanes) {
    Vector v[kTile];
    for (std::uint32_t i = 0; i < kTile; ++i) {
      const std::uint32_t column = first_column + i;
      const std::size_t from = (columns.start(column) - origin) * kPixelBytes * kStripRows;
      v[i] = weigh_columns(strip + from + lane, kPixelBytes * kStripRows, columns.weights(column),
                           columns.count());
    }
    transpose(v);
    for (std::size_t i = 0; i < kTile; ++i) {
      const auto row = hn::DemoteTo(bytes, hn::BitCast(words, v[i]));
      if constexpr (kLanes == 16) {
        const hn::Half<decltype(bytes)> half;
        hn::StoreU(hn::LowerHalf(half, row), half, tile[lane + i]);
        hn::StoreU(hn::UpperHalf(half, row), half, tile[lane + kTile + i]);
      } else {
        hn::StoreU(row, bytes, tile[lane + i]);
      }
    }
  }
}

HWY_INLINE void write_tile(const std::uint8_t (&tile)[kStripRows][kTile], std::uint8_t* out,
                           std::size_t stride, std::uint32_t rows, std::uint32_t columns) {
  for (std::uint32_t row = 0; row < rows; ++row, out += stride) {
    if (columns == kTile) {
      std::memcpy(out, tile[row], kTile);
    } else {
      std::memcpy(out, tile[row], columns);
    }
  }
}

}  // namespace

void resize_planes(const PixelView& in, const ResizeTaps& columns, const ResizeTaps& rows,
                   std::uint32_t first, std::uint32_t end, std::uint32_t width, std::uint32_t height,
                   std::uint16_t* strip, std::uint8_t* out) {
  const std::uint8_t* pixels = in.data + first * kPixelBytes;
  const std::size_t byte_columns = (end - first) * kPixelBytes;
  std::uint8_t tile[kStripRows][kTile];
  for (std::uint32_t row = 0; row < height; row += kStripRows) {
    fill_strip(pixels, in.stride, byte_columns, rows, row, strip);
    for (std::uint32_t channel = 0; channel < kPixelBytes; ++channel) {
      std::uint8_t* plane = out + (std::size_t{channel} * height + row) * width;
      for (std::uint32_t column = 0; column < width; column += kTile) {
        scale_tile(strip + channel * kStripRows, columns, column, first, tile);
        write_tile(tile, plane + column, width, std::min(kStripRows, height - row),
                   std::min(kTile, width - column));
      }
    }
  }
}

}  // namespace feedline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace feedline {

HWY_EXPORT(resize_planes);

void Resizer::resize(const PixelView& in, const RealBox& box, bool mirror_columns, bool mirror_rows,
                     std::uint32_t width, std::uint32_t height, std::uint8_t* out) {
  constexpr std::uint32_t kStripRows = 16, kTile = 8;
  columns_.plan(in.width, box.left, box.width, width, mirror_columns, kTile);
  rows_.plan(in.height, box.top, box.height, height, mirror_rows, kStripRows);
  const std::uint32_t one = columns_.start(0), other = columns_.start(width - 1);
  const std::uint32_t first = std::min(one, other);
  const std::uint32_t end = std::max(one, other) + columns_.count();
  const std::size_t needed = ((end - first) * kPixelBytes + kPixelPadding) * kStripRows;
  if (strip_.size() < needed) strip_.resize(needed);
  HWY_DYNAMIC_DISPATCH(resize_planes)
  (in, columns_, rows_, first, end, width, height, strip_.data(), out);
}

}  // namespace feedline
#endif
