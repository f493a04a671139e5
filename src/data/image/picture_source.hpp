#pragma once

#include "image/codec/picture.hpp"
#include "picture_cache.hpp"
#include "picture_workspace.hpp"
#include "storage/storage.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace feedline {

/// The pictures of a storage, from the cache or from their files, decoded as far as they are needed.
///
/// Thread rule: any number of threads may call `open`, each with its own workspace.
class PictureSource {
 public:
  /// One picture while a sample is made of it.
  class Picture {
   public:
    const PictureHeader& header() const noexcept { return header_; }

    /// Returns the pixels of `box` of the picture shrunk by `shrink` (1, 2, 4 or 8), valid until the
    /// workspace are used again. Throws SampleError.
    PixelView pixels(const PixelBox& box, std::uint32_t shrink);

    /// Reads the whole file, whatever the cache holds. Returns the damage of a file that is used
    /// nevertheless; an empty text when there is none. Throws SampleError.
    std::string find_damage();

    /// Returns the largest shrink that the format can apply while it decodes: 8 for JPEG, else 1.
    std::uint32_t most_shrink() const noexcept { return jpeg_ ? 8 : 1; }

   private:
    friend class PictureSource;
    Picture(const PictureSource& source, std::uint64_t id, PictureWorkspace& workspace)
        : source_(source), id_(id), tools_(workspace) {}
    void open_file();
    void open_again();
    PixelView decode(const PixelBox& box, std::uint32_t shrink);
    std::string find_damage_in_file();
    const PictureCache::Entry* decode_into_cache(std::uint32_t shrink);

    const PictureSource& source_;
    std::uint64_t id_;
    PictureWorkspace& tools_;
    PictureHeader header_;
    std::span<const std::byte> file_;  ///< Bytes of the file; empty until they are needed
    bool jpeg_ = true;
  };

  /// `fill_at_once`: pictures are decoded whole for the cache at their first use, even when there is no time
  /// to spare.
  PictureSource(std::shared_ptr<const Storage> files, CacheKind cache, std::uint64_t cache_bytes,
                bool fill_at_once = true);

  const Storage& files() const noexcept { return *files_; }
  PictureWorkspacePool& workspaces() const noexcept { return workspaces_; }
  CacheStats cache_stats() const noexcept { return cache_.stats(); }

  /// Reads the header of picture `id`, from the cache if it is there. Throws SampleError.
  Picture open(std::uint64_t id, PictureWorkspace& workspace) const;

  /// Sets whether whole pictures are decoded for the cache where a part would be enough for now. Changes no
  /// pixel.
  void set_spare_time(bool spare) const noexcept { spare_time_.store(spare, std::memory_order_relaxed); }

  /// Drops the file of a picture from the page cache.
  void forget(std::uint64_t id) const noexcept { files_->forget(id); }

  /// Asks the system to read the file of a picture soon, when files come slowly and the cache does not hold
  /// it.
  void read_ahead(std::uint64_t id) const noexcept;

 private:
  std::span<const std::byte> read(std::uint64_t id, PictureWorkspace& workspace) const;
  std::span<const std::byte> read_timed(std::uint64_t id, PictureWorkspace& workspace) const;

  std::shared_ptr<const Storage> files_;
  mutable PictureCache cache_;
  mutable PictureWorkspacePool workspaces_;
  mutable std::atomic<std::int64_t> mean_read_ns_{0};
  bool fill_at_once_;
  mutable std::atomic<bool> spare_time_{true};
};

}  // namespace feedline
