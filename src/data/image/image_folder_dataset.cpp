#include "image_folder_dataset.hpp"

#include "shrink.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/metrics/stage_range.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace feedline {
namespace {

/// The part of the shrunk picture that covers `box`, and the few pixels around it that the filter reaches
/// when `reach` is not 0, in pixels of the shrunk picture.
PixelBox covering(const RealBox& box, double reach, std::uint32_t width, std::uint32_t height) noexcept {
  const auto low = [&](double from) {
    return static_cast<std::uint32_t>(std::max(0.0, std::floor(from - reach)));
  };
  const auto high = [&](double to, std::uint32_t size) {
    return std::min(size, static_cast<std::uint32_t>(std::ceil(to + reach)));
  };
  const std::uint32_t left = std::min(low(box.left), width - 1), top = std::min(low(box.top), height - 1);
  return {left, top, std::max(high(box.left + box.width, width), left + 1) - left,
          std::max(high(box.top + box.height, height), top + 1) - top};
}

}  // namespace

Normalization photograph_normalization() {
  return {{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};
}

ImageFolderDataset::ImageFolderDataset(std::shared_ptr<const PictureSource> source, std::uint32_t image_size,
                                       Augment augment, FileLabels labels, std::uint32_t classes)
    : source_(std::move(source)),
      side_(image_size),
      augment_(augment),
      labels_(std::move(labels)),
      classes_(classes),
      tensors_{{"image", DType::kUInt8, {3, image_size, image_size}}, {"label", DType::kInt64, {}}} {}

void ImageFolderDataset::load(const SampleKey& key, SampleView out) const {
  const auto begin = Clock::now();
  StageRange range(key.lane, stage::kRead);
  PictureWorkspacePool::Lease workspace = source_->workspaces().lease();
  PictureSource::Picture picture = source_->open(key.id, *workspace);
  const auto opened = Clock::now();
  range.next(stage::kDecode);
  Philox random(key.seed, RandomPurpose::kAugment, key.epoch, key.id);
  const RealBox view = draw_view(random, as_viewed(picture.header()));
  const bool flip = augment_ != Augment::kNone && flip_.draw(random);
  const Recipe recipe = plan(picture, view, flip);
  const PixelView pixels = picture.pixels(recipe.part, recipe.shrink);
  const auto decoded = Clock::now();
  range.next(stage::kTransform);
  auto* planes = reinterpret_cast<std::uint8_t*>(out[0].data());
  const Placement& placement = recipe.placement;
  (*workspace)
      .resizer.resize(pixels, recipe.box, placement.mirror_columns, placement.mirror_rows, side_, side_,
                      planes);
  if (placement.transposed) transpose_planes(planes, side_);
  if (augment_ == Augment::kStrong) change_colors(random, planes);
  const std::int64_t label = labels_.of(key.id);
  std::memcpy(out[1].data(), &label, sizeof label);
  sums_.add(opened - begin, decoded - opened, Clock::now() - decoded);
}

std::uint64_t ImageFolderDataset::fingerprint() const {
  const Storage& files = source_->files();
  Hasher hasher;
  for (std::uint64_t id = 0; id < files.size(); ++id) {
    const std::string_view path = files.name(id);
    hasher.add(std::as_bytes(std::span(path.data(), path.size() + 1)));
  }
  hasher.add(std::as_bytes(labels_.by_class()));
  return hasher.value();
}

std::string ImageFolderDataset::check(std::uint64_t id) const {
  PictureWorkspacePool::Lease workspace = source_->workspaces().lease();
  return source_->open(id, *workspace).find_damage();
}

/// The part of the picture, as viewed, that is shown.
RealBox ImageFolderDataset::draw_view(Philox& random, const PictureHeader& viewed) const {
  if (augment_ == Augment::kNone) return center_crop(viewed.width, viewed.height, side_ * 8 / 7, side_);
  const PixelBox box = crop_.draw(random, viewed.width, viewed.height);
  return {static_cast<double>(box.left), static_cast<double>(box.top), static_cast<double>(box.width),
          static_cast<double>(box.height)};
}

ImageFolderDataset::Recipe ImageFolderDataset::plan(const PictureSource::Picture& picture,
                                                    const RealBox& view, bool flip) const {
  // A random crop is cut out and then scaled; a picture for validation is scaled and then cut, and decoded at
  // twice the size, so that it is the filter's result and not the DCT's.
  const bool exact = augment_ == Augment::kNone;
  const PictureHeader& header = picture.header();
  Recipe recipe;
  recipe.placement = place(header, view, flip);
  const RealBox& stored = recipe.placement.box;
  const std::uint32_t shrink =
      choose_shrink(header, stored.width, stored.height, exact ? 2 * side_ : side_, picture.most_shrink());
  const RealBox box{stored.left / shrink, stored.top / shrink, stored.width / shrink, stored.height / shrink};
  const double reach = exact ? std::max(box.width, box.height) / side_ + 1 : 0;
  recipe.shrink = shrink;
  recipe.part =
      covering(box, reach, (header.width + shrink - 1) / shrink, (header.height + shrink - 1) / shrink);
  recipe.box = {box.left - recipe.part.left, box.top - recipe.part.top, box.width, box.height};
  return recipe;
}

void ImageFolderDataset::change_colors(Philox& random, std::uint8_t* planes) const {
  const std::span<std::uint8_t> image(planes, std::size_t{3} * side_ * side_);
  jitter_.apply(jitter_.draw(random), image);
  erasing_.apply(random, image, side_, side_);
}

}  // namespace feedline
