#include "idx_file.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/data/image/idx_dataset.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

namespace feedline {
namespace {

ImageShape shape_of(const std::vector<std::uint64_t>& dims) {
  const auto extent = [&](std::size_t from_end) {
    return static_cast<std::int64_t>(dims[dims.size() - from_end]);
  };
  return {dims.size() == 4 ? extent(3) : 1, extent(2), extent(1)};
}

/// How often each pixel value occurs. Four counts a value, summed at the end: equal neighbours would wait for
/// each other's count to be stored.
using Histogram = std::array<std::array<std::uint64_t, 256>, 4>;

void count(std::span<const std::uint8_t> pixels, Histogram& histogram) {
  std::size_t i = 0;
  for (; i + 4 <= pixels.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) ++histogram[lane][pixels[i + lane]];
  }
  for (; i < pixels.size(); ++i) ++histogram[0][pixels[i]];
}

/// Mean and standard deviation, pixels as 0..1. The second pass over the values keeps the variance of a
/// constant channel at exactly 0.
std::pair<float, float> moments(const Histogram& histogram) {
  std::array<double, 256> times{};
  double pixels = 0, sum = 0, squares = 0;
  for (std::size_t value = 0; value < times.size(); ++value) {
    for (const auto& lane : histogram) times[value] += static_cast<double>(lane[value]);
    pixels += times[value];
    sum += times[value] * static_cast<double>(value);
  }
  const double mean = sum / pixels;
  for (std::size_t value = 0; value < times.size(); ++value) {
    const double distance = static_cast<double>(value) - mean;
    squares += times[value] * distance * distance;
  }
  const double std = std::sqrt(squares / pixels);
  return {static_cast<float>(mean / 255), std > 0 ? static_cast<float>(std / 255) : 1.0F};
}

}  // namespace

IdxImages::IdxImages(const std::filesystem::path& images, const std::filesystem::path& labels)
    : path_(images), labels_path_(labels) {
  IdxArray pictures = read_idx(images, 3, 4);
  IdxArray classes = read_idx(labels, 1, 1);
  if (pictures.shape[0] != classes.shape[0]) {
    throw DataError(
        fmt::format("{} holds {} pictures, but {} holds {} labels: they do not belong "
                    "together; fetch both again.",
                    images.string(), pictures.shape[0], labels.string(), classes.shape[0]));
  }
  shape_ = shape_of(pictures.shape);
  pixels_ = std::move(pictures.values);
  labels_ = std::move(classes.values);
  classes_ = std::uint32_t{*std::max_element(labels_.begin(), labels_.end())} + 1;
}

std::span<const std::byte> IdxImages::image(std::uint64_t id) const noexcept {
  return std::as_bytes(std::span(pixels_).subspan(id * shape_.bytes(), shape_.bytes()));
}

std::uint64_t IdxImages::fingerprint() const noexcept {
  const std::array<std::int64_t, 3> shape = {shape_.channels, shape_.height, shape_.width};
  const std::uint64_t of_shape = hash64(std::as_bytes(std::span(shape)));
  return hash64(std::as_bytes(std::span(labels_)), hash64(std::as_bytes(std::span(pixels_)), of_shape));
}

Normalization IdxImages::normalization() const {
  const auto plane = static_cast<std::size_t>(shape_.height * shape_.width);
  std::vector<Histogram> histograms(static_cast<std::size_t>(shape_.channels));
  for (std::size_t at = 0; at < pixels_.size(); at += plane) {
    count(std::span(pixels_).subspan(at, plane), histograms[at / plane % histograms.size()]);
  }
  Normalization result;
  for (const Histogram& histogram : histograms) {
    const auto [mean, std] = moments(histogram);
    result.mean.push_back(mean);
    result.std.push_back(std);
  }
  return result;
}

IdxDataset::IdxDataset(std::shared_ptr<const IdxImages> images, Augment augment)
    : images_(std::move(images)),
      augment_(augment),
      tensors_{{"image",
                DType::kUInt8,
                {images_->shape().channels, images_->shape().height, images_->shape().width}},
               {"label", DType::kInt64, {}}} {
  if (augment_ == Augment::kStrong)
    throw UsageError("--augment strong is not there yet for IDX pictures. Use basic or none.");
}

void IdxDataset::load(const SampleKey& key, SampleView out) const {
  const std::int64_t label = images_->label(key.id);
  std::memcpy(out[1].data(), &label, sizeof label);
  const auto image = images_->image(key.id);
  if (augment_ == Augment::kNone) {
    std::memcpy(out[0].data(), image.data(), image.size());
    return;
  }
  Philox random(key.seed, RandomPurpose::kAugment, key.epoch, key.id);
  const Shift shift = crop_.draw(random);
  shift_and_flip(image, out[0], images_->shape(), shift, flip_.draw(random));
}

std::string IdxDataset::describe(std::uint64_t id) const {
  return fmt::format("{}[{}]", images_->path().filename().string(), id);
}

}  // namespace feedline
