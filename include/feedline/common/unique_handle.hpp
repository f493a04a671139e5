#pragma once

#include <utility>

namespace feedline {

/// Move-only owner of a handle. This is the only place where feedline writes a move by hand.
///
/// Traits must have `using Type`, `static Type null() noexcept` and `static void close(Type) noexcept`.
template <class Traits>
class UniqueHandle {
 public:
  using Type = typename Traits::Type;

  UniqueHandle() noexcept = default;
  explicit UniqueHandle(Type value) noexcept : value_(value) {}
  UniqueHandle(UniqueHandle&& other) noexcept : value_(other.release()) {}
  UniqueHandle& operator=(UniqueHandle&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  UniqueHandle(const UniqueHandle&) = delete;
  UniqueHandle& operator=(const UniqueHandle&) = delete;
  ~UniqueHandle() { reset(); }

  Type get() const noexcept { return value_; }
  explicit operator bool() const noexcept { return !(value_ == Traits::null()); }

  /// Gives up the handle without closing it and returns it.
  Type release() noexcept { return std::exchange(value_, Traits::null()); }

  void reset(Type value = Traits::null()) noexcept {
    Type old = std::exchange(value_, value);
    if (!(old == Traits::null())) Traits::close(old);
  }

 private:
  Type value_ = Traits::null();
};

}  // namespace feedline
