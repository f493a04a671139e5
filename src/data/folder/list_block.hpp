#pragma once

#include "folder_scan.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace feedline {

/// The header of a list's block; all numbers are in the machine's byte order. After it follow, without gaps:
/// stamps of folders, offsets into the paths, labels, names (the root's canonical path, folders, classes,
/// empty classes, the text of what was left out), and paths of pictures. Each name and path ends with a NUL.
struct ListHeader {
  static constexpr std::uint64_t kMagic = 0x5845'444E'4944'4546;  // "FEDINDEX" in little-endian order
  static constexpr std::uint64_t kVersion = 2;

  std::uint64_t magic = kMagic;
  std::uint64_t version = kVersion;
  std::uint64_t checksum = 0;  ///< XXH3 of everything after this field
  std::uint64_t bytes = 0;     ///< Bytes of the whole block
  std::uint64_t files = 0, folders = 0, classes = 0, empty_classes = 0;
  std::uint64_t name_bytes = 0, path_bytes = 0;
  std::uint64_t hidden = 0, other_types = 0, unreadable_folders = 0;

  bool is_ours() const noexcept { return magic == kMagic && version == kVersion; }
};

/// The offsets, in bytes, of the parts of a block; each part is aligned for its values.
struct ListLayout {
  explicit ListLayout(const ListHeader& header) noexcept
      : stamps(sizeof(ListHeader)),
        offsets(stamps + header.folders * sizeof(FolderStamp)),
        labels(offsets + header.files * sizeof(std::uint64_t)),
        names(labels + header.files * sizeof(std::uint32_t)),
        paths(names + header.name_bytes),
        end(paths + header.path_bytes) {}

  std::size_t stamps, offsets, labels, names, paths, end;
};

/// The list of an image folder as one piece of memory, byte for byte the contents of an index file.
struct ListBlock {
  std::unique_ptr<std::byte[]> data;
  std::size_t bytes = 0;

  /// Returns a block of `bytes` bytes that is not filled.
  static ListBlock of_size(std::size_t bytes) {
    return {std::make_unique_for_overwrite<std::byte[]>(bytes), bytes};
  }

  const ListHeader& header() const noexcept { return *reinterpret_cast<const ListHeader*>(data.get()); }
  std::span<std::byte> span() const noexcept { return {data.get(), bytes}; }
};

/// Makes the list of a scan's result; `root` is the root's canonical path. Classes without a picture have no
/// label.
ListBlock pack(const FolderScan& scan, const std::string& root);

/// Returns whether `block` is an unchanged result of pack(), by its header, size and checksum.
bool is_sound(const ListBlock& block) noexcept;

}  // namespace feedline
