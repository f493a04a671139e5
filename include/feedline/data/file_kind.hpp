#pragma once

#include <span>
#include <string_view>

namespace feedline {

/// A kind of file that samples are made of, identified by the ending of its name, and the words for it.
struct FileKind {
  std::string_view one;                       ///< "picture"
  std::string_view many;                      ///< "pictures"
  std::span<const std::string_view> endings;  ///< Endings in the order in which they are tried
  std::string_view example;                   ///< Path of such a file in the folder of its class

  /// Whether a file of this name is of this kind; the case of letters does not matter.
  bool takes(std::string_view name) const noexcept;
};

const FileKind& picture_files() noexcept;
const FileKind& recording_files() noexcept;

}  // namespace feedline
