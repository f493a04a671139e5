#pragma once

#include <feedline/data/dataset.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace feedline::testing {

/// One sample of two tensors, as a slot would hold it.
struct Loaded {
  std::vector<std::byte> data;
  std::int64_t label = -1;

  bool operator==(const Loaded&) const = default;
};

inline Loaded load(const Dataset& set, const SampleKey& key) {
  Loaded sample;
  sample.data.assign(set.tensors()[0].sample_bytes(), std::byte{0xEE});
  const std::span<std::byte> places[] = {sample.data, std::as_writable_bytes(std::span(&sample.label, 1))};
  set.load(key, places);
  return sample;
}

}  // namespace feedline::testing
