#pragma once

#include "file_buffer.hpp"
#include "file_identity.hpp"
#include "file_names.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace feedline {

/// A part of a file.
struct FileRange {
  std::span<const std::byte> bytes;  ///< Fewer than requested only where the file ends
  std::uint64_t file_bytes = 0;      ///< Size of the whole file
};

/// Numbered files, wherever they are kept. Everything that makes samples of files reads them through this
/// interface. A storage knows how the bytes of a file are reached; whoever made it knows what the files mean
/// (their classes, their texts).
///
/// The kinds of storage: `FolderStorage`.
///
/// Below, `id` must be below `size()`.
///
/// Thread rule: any number of threads may call all methods, each with its own buffer.
class Storage {
 public:
  virtual ~Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  /// Number of files.
  std::uint64_t size() const noexcept { return names_.size(); }

  /// Returns the name of a file, which no other file of the storage has and which stays the same from run to
  /// run: the fingerprint of the data and indexes are made of names. It lives as long as this object.
  const char* name(std::uint64_t id) const noexcept { return names_.name(id); }

  /// Returns the whole path of a file, for messages.
  std::string describe(std::uint64_t id) const { return names_.describe(id); }

  /// The place of all files as the user named it, for messages.
  const std::string& root() const noexcept { return names_.root(); }

  /// Returns a text that is the same whichever way the user named the place, and differs from that of any
  /// other place. Indexes of the storage are kept under this key. Throws std::system_error when the place is
  /// no longer there.
  virtual std::string key() const = 0;

  /// Reads a whole file. The bytes lie in `buffer`, or in memory of the storage; they are valid until the
  /// buffer is used again. Failures that may pass are tried again. Throws std::system_error with the errno of
  /// the failure, and DecodeError when the file is no regular file or is larger than one gibibyte.
  virtual std::span<const std::byte> read(std::uint64_t id, FileBuffer& buffer) const = 0;

  /// Reads the part of a file that begins at `offset` into `into`, as far as the file goes. Throws as `read`
  /// does; the file may have any size.
  virtual FileRange read_range(std::uint64_t id, std::uint64_t offset, std::span<std::byte> into) const = 0;

  /// Returns the identity of a file in its present state, or std::nullopt when it is not there. Results that
  /// are kept of a file are used only while its identity stays the same.
  virtual std::optional<FileIdentity> identity(std::uint64_t id) const noexcept = 0;

  /// Says that the file will be read soon. Reports no failure.
  virtual void read_ahead(std::uint64_t) const noexcept {}

  /// Says that the file will not be read again for long: caches of the system may drop it. Reports no
  /// failure.
  virtual void forget(std::uint64_t) const noexcept {}

 protected:
  explicit Storage(FileNames names) : names_(std::move(names)) {}

 private:
  FileNames names_;
};

}  // namespace feedline
