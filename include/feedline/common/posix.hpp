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

/// Owner of a file descriptor.
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

/// Owner of mapped memory, page aligned.
class Mapping {
 public:
  Mapping() = default;

  /// Private zeroed memory, every page touched, so that a lack of memory shows here and not later.
  /// Throws UsageError (too little memory) when it cannot be had.
  static Mapping anonymous(std::size_t bytes);

  /// Private zeroed memory whose pages are taken when they are first written. Throws UsageError when the
  /// address space is too small.
  static Mapping reserved(std::size_t bytes);

  /// `bytes` of `fd` from its start, shared with every process that maps it; every page mapped now. Throws
  /// InternalError.
  static Mapping shared(int fd, std::size_t bytes);

  std::span<std::byte> bytes() const noexcept { return {handle_.get().data, handle_.get().bytes}; }

 private:
  explicit Mapping(MappingTraits::Type mapping) noexcept : handle_(mapping) {}

  UniqueHandle<MappingTraits> handle_;
};

}  // namespace feedline
