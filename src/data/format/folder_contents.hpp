#pragma once

#include <feedline/data/file_kind.hpp>
#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace feedline {

/// The contents of --train-data, as far as formats are recognised by them.
class FolderContents {
 public:
  /// `options` must outlive this object.
  explicit FolderContents(const DataOptions& options) : options_(options) {}

  const std::filesystem::path& path() const noexcept { return options_.train_data; }

  /// Returns whether there are IDX files for training. Throws a DataError when one of the two is missing.
  bool has_idx_files() const;

  /// Returns whether there is metadata.csv or metadata_train.csv.
  bool has_metadata() const;

  /// Returns whether there are folders that are not hidden.
  bool has_folders() const;

  /// Returns the first file of `kind` in any folder, as a path below `path()`.
  std::optional<std::string> first(const FileKind& kind) const;

  /// Returns the first picture or recording in any folder. The folders are searched only once.
  const std::optional<std::string>& first_sample();

  /// Returns whether there is a file of the same medium as `kind` that is not read, such as an .aiff.
  bool has_foreign(const FileKind& kind) const;

 private:
  const DataOptions& options_;
  std::optional<std::optional<std::string>> first_sample_;
};

}  // namespace feedline
