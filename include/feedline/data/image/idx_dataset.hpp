#pragma once

#include <feedline/data/dataset.hpp>
#include <feedline/data/image/transforms.hpp>
#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// Pictures and labels of the IDX format (MNIST and similar sets), unpacked in memory.
class IdxImages {
 public:
  /// Reads both files, gzip or plain; pictures [N,H,W] or [N,C,H,W], labels [N]. Throws DataError naming the
  /// file.
  IdxImages(const std::filesystem::path& images, const std::filesystem::path& labels);

  std::uint64_t size() const noexcept { return labels_.size(); }
  const ImageShape& shape() const noexcept { return shape_; }
  std::span<const std::byte> image(std::uint64_t id) const noexcept;
  std::int64_t label(std::uint64_t id) const noexcept { return labels_[id]; }
  std::uint32_t classes() const noexcept { return classes_; }
  const std::filesystem::path& path() const noexcept { return path_; }
  const std::filesystem::path& labels_path() const noexcept { return labels_path_; }

  /// XXH3 of shape, pixels and labels.
  std::uint64_t fingerprint() const noexcept;

  /// Mean and standard deviation per channel over all pictures, with pixels as 0..1; a constant channel has 1
  /// for the latter.
  Normalization normalization() const;

 private:
  std::filesystem::path path_;
  std::filesystem::path labels_path_;
  ImageShape shape_;
  std::vector<std::uint8_t> pixels_;
  std::vector<std::uint8_t> labels_;
  std::uint32_t classes_ = 0;
};

/// Such pictures as a data set: `image` uint8 [C,H,W], `label` int64 []. `Augment::kBasic` crops with a
/// padding of 2 and flips, drawn from (seed, epoch, sample id). Several data sets may share the pictures.
class IdxDataset final : public Dataset, private Audit {
 public:
  /// Throws UsageError for `Augment::kStrong`.
  IdxDataset(std::shared_ptr<const IdxImages> images, Augment augment);

  std::uint64_t size() const noexcept override { return images_->size(); }
  const std::vector<TensorSpec>& tensors() const noexcept override { return tensors_; }
  std::uint32_t classes() const noexcept override { return images_->classes(); }
  void load(const SampleKey& key, SampleView out) const override;
  std::string describe(std::uint64_t id) const override;
  DatasetParts parts() const noexcept override { return {.audit = this}; }

 private:
  std::uint64_t fingerprint() const override { return images_->fingerprint(); }

  std::shared_ptr<const IdxImages> images_;
  Augment augment_;
  RandomCrop crop_;
  RandomHorizontalFlip flip_;
  std::vector<TensorSpec> tensors_;
};

}  // namespace feedline
