#pragma once

#include "file_labels.hpp"
#include "image/transform/crops.hpp"
#include "picture_source.hpp"
#include "stage_sums.hpp"

#include <feedline/data/dataset.hpp>
#include <feedline/data/image/color_jitter.hpp>
#include <feedline/data/image/random_erasing.hpp>
#include <feedline/data/image/transforms.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace feedline {

/// Returns the mean and standard deviation of ImageNet's photographs, which torchvision's models are trained
/// with.
Normalization photograph_normalization();

/// The pictures of a storage as samples: `image` uint8 [3,N,N], `label` int64 [].
///
/// `Augment::kNone` scales the shorter side to N x 8/7 and takes the centre N x N. `kBasic` applies a random
/// resized crop and a flip, `kStrong` also colour jitter and random erasing. Only the pixels of the crop are
/// decoded, at the smallest scale of JPEG's DCT that still has as many pixels as the output.
///
/// Draws from (seed, epoch, sample id), in this order: crop, flip, jitter, erasing.
class ImageFolderDataset final : public Dataset,
                                 private StorageHints,
                                 private CacheControl,
                                 private Audit,
                                 private LoadReport {
 public:
  ImageFolderDataset(std::shared_ptr<const PictureSource> source, std::uint32_t image_size, Augment augment,
                     FileLabels labels, std::uint32_t classes);

  std::uint64_t size() const noexcept override { return source_->files().size(); }
  const std::vector<TensorSpec>& tensors() const noexcept override { return tensors_; }
  std::uint32_t classes() const noexcept override { return classes_; }
  void load(const SampleKey& key, SampleView out) const override;
  std::string describe(std::uint64_t id) const override { return source_->files().describe(id); }
  DatasetParts parts() const noexcept override {
    return {.hints = this, .cache = this, .audit = this, .loads = this};
  }

 private:
  void read_ahead(std::uint64_t id) const noexcept override { source_->read_ahead(id); }
  void forget(std::uint64_t id) const noexcept override { source_->forget(id); }
  CacheStats cache_stats() const noexcept override { return source_->cache_stats(); }
  void set_spare_time(bool spare) const noexcept override { source_->set_spare_time(spare); }
  std::uint64_t fingerprint() const override;
  std::string check(std::uint64_t id) const override;
  StageTimes stages() const noexcept override { return sums_.times(); }

  /// The steps that make one sample of its picture.
  struct Recipe {
    Placement placement;
    std::uint32_t shrink = 1;
    PixelBox part;  ///< Decoded part of the shrunk picture
    RealBox box;    ///< Box of the part that is scaled to the sample
  };

  RealBox draw_view(Philox& random, const PictureHeader& viewed) const;
  Recipe plan(const PictureSource::Picture& picture, const RealBox& view, bool flip) const;
  void change_colors(Philox& random, std::uint8_t* planes) const;

  std::shared_ptr<const PictureSource> source_;
  std::uint32_t side_;
  Augment augment_;
  FileLabels labels_;
  std::uint32_t classes_;
  std::vector<TensorSpec> tensors_;
  RandomResizedCrop crop_;
  RandomHorizontalFlip flip_;
  ColorJitter jitter_;
  RandomErasing erasing_;
  mutable StageSums sums_;
};

}  // namespace feedline
