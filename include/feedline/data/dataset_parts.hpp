#pragma once

#include <feedline/data/buckets.hpp>
#include <feedline/data/cache.hpp>
#include <feedline/data/stages.hpp>

#include <cstdint>
#include <string>

namespace feedline {

/// Hints to the storage of a set whose samples come from files.
///
/// Thread rule: any thread.
class StorageHints {
 public:
  /// Announces that sample `id` is needed soon, so that the storage reads it meanwhile. By default nothing is
  /// read ahead.
  virtual void read_ahead(std::uint64_t) const noexcept {}

  /// Takes sample `id` out of the system's page cache, so that the next read is cold.
  virtual void forget(std::uint64_t id) const noexcept = 0;

 protected:
  ~StorageHints() = default;
};

/// The cache of a set; subsets of one set share theirs.
///
/// Thread rule: any thread.
class CacheControl {
 public:
  virtual CacheStats cache_stats() const noexcept = 0;

  /// Sets whether there is time for work that only pays off later, such as filling the cache. Changes no
  /// sample's bytes. By default there is no such work.
  virtual void set_spare_time(bool) const noexcept {}

 protected:
  ~CacheControl() = default;
};

/// The examination of a set.
///
/// Thread rule: any thread.
class Audit {
 public:
  /// Identifies the content of the set: XXH3 of the data where it lies in memory, else of the names and
  /// labels of the samples. Reads all of it: call it once.
  virtual std::uint64_t fingerprint() const = 0;

  /// Reads all of sample `id`, including parts that no `load` needs. Throws SampleError when it is bad.
  /// Returns the damage of a sample that is still used, as a short clause ("it ends early"), or an empty
  /// string. By default samples cannot be damaged.
  virtual std::string check(std::uint64_t) const { return {}; }

 protected:
  ~Audit() = default;
};

/// The findings of all loads so far.
///
/// Thread rule: any thread.
class LoadReport {
 public:
  /// The times of the loads by stage.
  virtual StageTimes stages() const noexcept = 0;

  /// Remarks for the user on samples that are used as they are; empty when there are none.
  virtual std::string remarks() const { return {}; }

 protected:
  ~LoadReport() = default;
};

/// The optional parts of a set. A part that the set does not have is null. The others live as long as the
/// set.
struct DatasetParts {
  const Buckets* buckets = nullptr;  ///< Null: all samples have the same shape
  const StorageHints* hints = nullptr;
  const CacheControl* cache = nullptr;
  const Audit* audit = nullptr;
  const LoadReport* loads = nullptr;
};

}  // namespace feedline
