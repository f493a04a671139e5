#include "file_buffer.hpp"

#include "decode_error.hpp"

#include <algorithm>
#include <new>

namespace feedline {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kSmallest = std::size_t{1} << 20;
constexpr std::size_t kLargest = std::size_t{1} << 30;

}  // namespace

std::span<std::byte> FileBuffer::room(std::size_t bytes) {
  if (bytes > kLargest) throw DecodeError("it is larger than 1 GiB");
  if (!memory_ || bytes > capacity_) {
    const std::size_t wanted = std::max(kSmallest, (bytes + bytes / 2 + kPage - 1) / kPage * kPage);
    memory_.reset();
    memory_.reset(static_cast<std::byte*>(std::aligned_alloc(kPage, wanted)));
    if (!memory_) throw std::bad_alloc();
    capacity_ = wanted;
  }
  return {memory_.get(), bytes};
}

}  // namespace feedline
