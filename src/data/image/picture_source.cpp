#include "picture_source.hpp"

#include "decode_error.hpp"
#include "image/codec/png_damage.hpp"
#include "image/codec/png_decoder.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/data/sample_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

/// From this mean time on, files come from a disk or a network and not from memory: reading ahead pays.
constexpr std::int64_t kSlowReadNs = 200'000;

/// Runs `part`; says of which file it is that it cannot be used.
template <class Part>
auto of_sample(const PictureSource& source, std::uint64_t id, const Part& part) {
  try {
    return part();
  } catch (const DecodeError& error) {
    throw SampleError(source.files().describe(id), error.what());
  } catch (const std::system_error& error) {
    throw SampleError(source.files().describe(id), "cannot be read: " + error.code().message());
  }
}

std::uint32_t shrunk(std::uint32_t size, std::uint32_t shrink) noexcept {
  return (size + shrink - 1) / shrink;
}

PixelView part_of(const PixelView& whole, const PixelBox& box) noexcept {
  return {whole.data + box.top * whole.stride + box.left * kPixelBytes, whole.stride, box.width, box.height};
}

}  // namespace

PictureSource::PictureSource(std::shared_ptr<const Storage> files, CacheKind cache, std::uint64_t cache_bytes,
                             bool fill_at_once)
    : files_(std::move(files)), cache_(cache, cache_bytes, files_->size()), fill_at_once_(fill_at_once) {}

PictureSource::Picture PictureSource::open(std::uint64_t id, PictureWorkspace& workspace) const {
  Picture picture(*this, id, workspace);
  const PictureCache::Entry* kept = cache_.any(id);
  if (kept != nullptr && kept->shrink > 0) {
    picture.header_ = kept->header;
    picture.jpeg_ = kept->jpeg;
    return picture;
  }
  of_sample(*this, id, [&] { picture.open_file(); });
  return picture;
}

void PictureSource::Picture::open_file() {
  file_ = source_.read(id_, tools_);
  if (file_.empty()) throw DecodeError("it is empty");
  jpeg_ = JpegDecoder::is_jpeg(file_);
  if (jpeg_) {
    header_ = tools_.jpeg.open(file_);
  } else if (is_png(file_)) {
    header_ = read_png_header(file_);
  } else {
    throw DecodeError("it is neither JPEG nor PNG, whatever its name says");
  }
}

/// Of a picture whose header is known from the cache: what was planned by it must fit the file.
void PictureSource::Picture::open_again() {
  const PictureHeader known = header_;
  const bool known_as_jpeg = jpeg_;
  open_file();
  if (header_ == known && jpeg_ == known_as_jpeg) return;
  throw DecodeError(
      fmt::format("it is another picture than before: it had {} x {} pixels and has {} x {} now", known.width,
                  known.height, header_.width, header_.height));
}

PixelView PictureSource::Picture::pixels(const PixelBox& box, std::uint32_t shrink) {
  PictureCache& cache = source_.cache_;
  if (cache.kind() != CacheKind::kDecoded)
    return of_sample(source_, id_, [&] { return decode(box, shrink); });
  const PictureCache::Entry* entry = cache.find(id_, shrink);
  if (entry != nullptr) {
    cache.count_hit();
    return part_of(entry->pixels(), box);
  }
  return of_sample(source_, id_, [&] {
    if (file_.empty()) open_again();
    if (source_.fill_at_once_ || source_.spare_time_.load(std::memory_order_relaxed))
      entry = decode_into_cache(shrink);
    return entry != nullptr ? part_of(entry->pixels(), box) : decode(box, shrink);
  });
}

std::string PictureSource::Picture::find_damage() {
  return of_sample(source_, id_, [&] {
    if (file_.empty()) open_again();
    return find_damage_in_file();
  });
}

std::string PictureSource::Picture::find_damage_in_file() {
  if (jpeg_) return tools_.jpeg.find_damage();
  decode({0, 0, header_.width, header_.height}, 1);
  return find_png_damage(file_);
}

PixelView PictureSource::Picture::decode(const PixelBox& box, std::uint32_t shrink) {
  if (jpeg_) return tools_.jpeg.decode(box, shrink);
  const std::size_t stride = std::size_t{box.width} * kPixelBytes;
  const std::size_t bytes = stride * box.height + kPixelPadding;
  if (tools_.pixels.size() < bytes) tools_.pixels.resize(bytes);
  decode_png(file_, box, tools_.pixels.data(), stride);
  return {tools_.pixels.data(), stride, box.width, box.height};
}

const PictureCache::Entry* PictureSource::Picture::decode_into_cache(std::uint32_t shrink) {
  const std::uint32_t width = shrunk(header_.width, shrink), height = shrunk(header_.height, shrink);
  const std::size_t stride = std::size_t{width} * kPixelBytes;
  PictureCache::Entry* entry = source_.cache_.make(stride * height);
  if (entry == nullptr) return nullptr;
  try {
    auto* out = reinterpret_cast<std::uint8_t*>(entry->data());
    if (jpeg_) {
      tools_.jpeg.decode_whole(shrink, out, stride);
    } else {
      decode_png(file_, {0, 0, width, height}, out, stride);
    }
  } catch (...) {
    source_.cache_.give_back(entry);
    throw;
  }
  entry->header = header_;
  entry->jpeg = jpeg_;
  entry->shrink = shrink;
  entry->width = width;
  entry->height = height;
  source_.cache_.keep(id_, entry);
  return entry;
}

std::span<const std::byte> PictureSource::read(std::uint64_t id, PictureWorkspace& workspace) const {
  if (cache_.kind() != CacheKind::kEncoded) return read_timed(id, workspace);
  if (const PictureCache::Entry* kept = cache_.find(id, 0)) {
    cache_.count_hit();
    return kept->file();
  }
  const auto file = read_timed(id, workspace);
  PictureCache::Entry* entry = file.empty() ? nullptr : cache_.make(file.size());
  if (entry == nullptr) return file;
  std::memcpy(entry->data(), file.data(), file.size());
  cache_.keep(id, entry);
  return entry->file();
}

std::span<const std::byte> PictureSource::read_timed(std::uint64_t id, PictureWorkspace& workspace) const {
  const auto begin = Clock::now();
  const auto file = files_->read(id, workspace.file);
  const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
  // Of the last 16 or so; a lost update does no harm.
  const std::int64_t mean = mean_read_ns_.load(std::memory_order_relaxed);
  mean_read_ns_.store(mean + (spent - mean) / 16, std::memory_order_relaxed);
  return file;
}

void PictureSource::read_ahead(std::uint64_t id) const noexcept {
  if (mean_read_ns_.load(std::memory_order_relaxed) < kSlowReadNs || cache_.any(id) != nullptr) return;
  files_->read_ahead(id);
}

}  // namespace feedline
