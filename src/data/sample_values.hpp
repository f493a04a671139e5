#pragma once

#include <cstddef>
#include <span>

namespace feedline {

/// Returns a tensor's part of a sample as values of type T.
template <class T>
std::span<T> values(std::span<std::byte> bytes) noexcept {
  return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
}

}  // namespace feedline
