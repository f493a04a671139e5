#include <feedline/common/hash.hpp>

#define XXH_STATIC_LINKING_ONLY  // for the size of the state, which is held by value
#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>  // the widest vectors that this machine has
#endif

#include <array>
#include <cstring>

namespace feedline {

std::uint64_t hash64(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t sum64(std::span<const std::byte> bytes, std::uint32_t first_place) noexcept {
  const std::size_t words = bytes.size() / sizeof(std::uint32_t);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < words; ++i) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + i * sizeof word, sizeof word);
    sum += std::uint64_t{word} * place_weight(first_place + static_cast<std::uint32_t>(i));
  }
  std::uint32_t last = 0;
  std::memcpy(&last, bytes.data() + words * sizeof last, bytes.size() % sizeof last);
  return sum + std::uint64_t{last} * place_weight(first_place + static_cast<std::uint32_t>(words));
}

struct Hasher::State {
  XXH3_state_t xxh3;
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
  XXH3_64bits_reset(&state_->xxh3);
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(std::span<const std::byte> bytes) noexcept {
  XXH3_64bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

std::uint64_t Hasher::value() const noexcept {
  return XXH3_64bits_digest(&state_->xxh3);
}

void SampleDigest::add(std::uint32_t epoch, std::uint64_t sample_id) noexcept {
  const std::array<std::uint64_t, 2> key = {epoch, sample_id};
  value_ += hash64(std::as_bytes(std::span(key)));
}

void LossDigest::add(float loss) noexcept {
  value_ = hash64(std::as_bytes(std::span(&loss, 1)), value_);
}

}  // namespace feedline
