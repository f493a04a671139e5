#include <feedline/data/buckets.hpp>

namespace feedline {

std::uint64_t Buckets::replacement_for(std::uint64_t id, std::uint64_t number) const noexcept {
  std::uint64_t begin = 0;
  for (const std::uint64_t size : sizes_) {
    if (id < begin + size) return begin + number % size;
    begin += size;
  }
  return id;
}

std::uint64_t Buckets::smaller_replacement_for(std::uint64_t id, std::uint64_t number) const noexcept {
  std::uint64_t end = 0;
  for (const std::uint64_t size : sizes_) {
    end += size;
    if (id < end) return number % end;
  }
  return id;
}

}  // namespace feedline
