#pragma once

#include <cstddef>
#include <span>

namespace feedline {

/// A tensor's part of a sample as what it is made of.
template <class T>
std::span<T> values(std::span<std::byte> bytes) noexcept {
  return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
}

}  // namespace feedline
