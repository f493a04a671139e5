#pragma once

#include "recognise.hpp"

#include <feedline/data/file_kind.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/data/task.hpp>

#include <filesystem>
#include <span>
#include <string_view>

namespace feedline {

/// A layout of data on disk that feedline reads. A new one needs a row in data_formats() and nothing else.
struct DataFormat {
  std::string_view name;      ///< Name for the user, such as "IDX files"
  Task task = Task::kImage;   ///< Task that the data is for
  std::string_view contents;  ///< Contents of such a folder, for the refusal of another --task
  std::string_view
      looked_for;  ///< Description for the refusal of an empty folder; empty: another row's holds

  Recognition (*recognise)(FolderContents& folder);
  bool (*can_read)(FolderContents& folder);

  /// See open_data(), which fills in the task, the class names and, unless it is there, the only bucket.
  DataSplits (*open)(const DataOptions& options);

  /// Returns whether a model of this task was trained on this format.
  bool (*trained_on)(const DataInfo& trained);

  /// See open_labelled(), which fills in the sizes and, unless the set has buckets, the only one.
  DataSplits (*open_labelled)(const DataOptions& options, const DataInfo& trained);

  /// See open_files(); null: a model cannot classify single files of this format.
  DatasetPtr (*open_files)(std::span<const std::filesystem::path> files, const DataOptions& options,
                           const DataInfo& trained);
  std::string_view instead_of_files;  ///< Advice where `open_files` is null

  /// Returns the kind of files that single samples are read from; null where `open_files` is null.
  const FileKind& (*file_kind)();
};

/// Returns all formats, in the order in which they are tried: the first that recognises a folder reads it.
std::span<const DataFormat> data_formats() noexcept;

/// Returns the format that a model was trained on.
const DataFormat& format_of(const DataInfo& trained);

}  // namespace feedline
