#pragma once

#include "list_block.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace feedline {

/// The pictures of an image folder in order, and the stamps by which a change of the folder shows. They are
/// views of a block: construction allocates memory for folders and classes, not for pictures.
///
/// Thread rule: const after construction, for any number of threads.
class FolderList {
 public:
  using Names = std::span<const char* const>;

  /// Makes the views of `block`, which must be sound.
  explicit FolderList(ListBlock block);

  const ListBlock& block() const noexcept { return block_; }
  std::uint64_t size() const noexcept { return block_.header().files; }
  std::uint32_t label(std::uint64_t id) const noexcept { return labels_[id]; }
  const char* path(std::uint64_t id) const noexcept { return paths_ + offsets_[id]; }

  /// Labels of all files, and the block of their paths with the offset of each.
  const std::uint32_t* labels() const noexcept { return labels_; }
  const char* paths() const noexcept { return paths_; }
  std::span<const std::uint64_t> offsets() const noexcept { return {offsets_, size()}; }

  const char* root() const noexcept { return names_[0]; }
  Names folders() const noexcept { return Names(names_).subspan(1, block_.header().folders); }
  const FolderStamp& stamp(std::size_t folder) const noexcept { return stamps_[folder]; }
  Names classes() const noexcept;
  Names empty_classes() const noexcept {
    return Names(names_).last(block_.header().empty_classes + 1).first(block_.header().empty_classes);
  }
  ClassFolder::LeftOut left_out() const noexcept;

 private:
  ListBlock block_;
  const FolderStamp* stamps_;
  const std::uint64_t* offsets_;
  const std::uint32_t* labels_;
  const char* paths_;
  std::vector<const char*> names_;
};

}  // namespace feedline
