#pragma once

#include <feedline/common/unique_handle.hpp>

#include <cstddef>
#include <span>

namespace feedline {

struct FdTraits {
  using Type = int;
  static Type null() noexcept { return -1; }
  static void close(Type fd) noexcept;
};

/// Owns a file descriptor.
using UniqueFd = UniqueHandle<FdTraits>;

struct MappingTraits {
  struct Type {
    std::byte* data = nullptr;
    std::size_t bytes = 0;
    bool operator==(const Type&) const = default;
  };
  static Type null() noexcept { return {}; }
  static void close(Type mapping) noexcept;
};

/// Owns page-aligned mapped memory.
class Mapping {
 public:
  Mapping() = default;

  /// Maps private zeroed memory and touches every page, so that a lack of memory shows here and not later.
  /// Throws UsageError when there is too little memory.
  static Mapping anonymous(std::size_t bytes);

  /// Maps private zeroed memory whose pages are allocated at their first write. Throws UsageError when the
  /// address space is too small.
  static Mapping reserved(std::size_t bytes);

  /// Maps the first `bytes` of `fd`, shared with every process that maps it. Every page is mapped at once.
  /// Throws InternalError.
  static Mapping shared(int fd, std::size_t bytes);

  std::span<std::byte> bytes() const noexcept { return {handle_.get().data, handle_.get().bytes}; }

 private:
  explicit Mapping(MappingTraits::Type mapping) noexcept : handle_(mapping) {}

  UniqueHandle<MappingTraits> handle_;
};

}  // namespace feedline
