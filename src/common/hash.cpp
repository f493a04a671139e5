#include <feedline/common/hash.hpp>

#include <xxhash.h>

#include <array>

namespace feedline {

std::uint64_t hash64(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

void SampleDigest::add(std::uint32_t epoch, std::uint64_t sample_id) noexcept {
  const std::array<std::uint64_t, 2> key = {epoch, sample_id};
  value_ += hash64(std::as_bytes(std::span(key)));
}

void LossDigest::add(float loss) noexcept {
  value_ = hash64(std::as_bytes(std::span(&loss, 1)), value_);
}

}  // namespace feedline
