#pragma once

#include <feedline/data/file_kind.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace feedline {

class FolderList;
class FolderStorage;
class Storage;

/// The files of one kind in a folder with one sub-folder per class, like torchvision's ImageFolder, including
/// files in folders below a class's folder and behind symbolic links. A folder that is reached twice inside a
/// class counts once, so links may form cycles.
///
/// Files are numbered 0..size-1 in the order of their classes and, inside a class, of their paths, both
/// bytewise: ids do not depend on the order in which the file system lists a folder. Names may hold any
/// bytes.
///
/// Thread rule: const after `open`, for any number of threads.
class ClassFolder {
 public:
  /// The entries of the folder that were left out.
  struct LeftOut {
    std::uint64_t hidden = 0;              ///< Names that begin with a dot
    std::uint64_t other_types = 0;         ///< Other endings, files beside the class folders, broken links
    std::uint64_t unreadable_folders = 0;  ///< Folders that could not be opened, or not be read to their end
    std::string kinds;                     ///< Other types by ending: "12 .m4a (no/1.m4a, ...)"
  };

  /// Lists the files of `kind` below `root`, from the index that an earlier call left in `index_folder` when
  /// no folder has changed since, else by reading the folders on all cores. `index_folder` is made when it is
  /// missing; empty: no index is kept. A faulty index costs only time. Folders without such a file are not
  /// classes; a warning names them. Throws DataError when there is no such folder, a folder in it cannot be
  /// read, there is no file to train on, the files of a class would have to be converted first, or the parts
  /// of a data set (train/ and val/) stand where the classes should be.
  static ClassFolder open(const std::filesystem::path& root, const std::filesystem::path& index_folder,
                          const FileKind& kind);

  /// Takes these files, in this order, as one class whose name is empty. They need not exist.
  static ClassFolder of_files(std::span<const std::filesystem::path> files, const FileKind& kind);

  std::uint64_t size() const noexcept;

  /// Names of the classes, sorted bytewise; a label is an index into this list.
  const std::vector<std::string>& classes() const noexcept { return classes_; }

  /// The label of a file. Here and below, `id` must be below `size()`.
  std::uint32_t label(std::uint64_t id) const noexcept;

  /// Path below the root, "class/name.jpg", for openat with `root_fd`. Ends with a NUL and lives as long as
  /// this object.
  const char* relative_path(std::uint64_t id) const noexcept;

  /// Descriptor of the root (O_PATH).
  int root_fd() const noexcept;

  /// The root as it was given.
  const std::filesystem::path& root() const noexcept { return root_; }

  const LeftOut& left_out() const noexcept { return left_out_; }

  /// Whether all files lie in sub-folders of their class's folder.
  bool holds_folders_only() const noexcept;

  /// Whether the list comes from an index.
  bool from_index() const noexcept { return from_index_; }

  /// The files, by the same ids, as samples are made of them.
  std::shared_ptr<const Storage> files() const noexcept;

  /// The class of each file, as `label` returns it.
  std::shared_ptr<const std::uint32_t[]> file_classes() const noexcept;

  /// The whole path of the file, for messages.
  std::string describe(std::uint64_t id) const;

 private:
  ClassFolder(std::filesystem::path root, std::shared_ptr<const FolderList> list,
              std::shared_ptr<const FolderStorage> files, bool from_index, const FileKind& kind);

  std::filesystem::path root_;
  std::shared_ptr<const FolderList> list_;
  std::shared_ptr<const FolderStorage> files_;
  std::vector<std::string> classes_;
  LeftOut left_out_;
  bool from_index_;
};

/// The default folder of indexes: $XDG_CACHE_HOME/feedline/index, or ~/.cache/feedline/index; empty when
/// there is no home.
std::filesystem::path default_index_folder();

}  // namespace feedline
