#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace feedline {

/// XXH3, 64 bits.
std::uint64_t hash64(std::span<const std::byte> bytes, std::uint64_t seed = 0) noexcept;

/// A checksum that can be added up in any order, as a GPU does: the sum of the 32-bit words of `bytes`
/// (little endian, the last filled up with zeros), each times an odd number that its place has; mod 2^64.
/// Every change within one word changes it. `first_place`: the first word's.
std::uint64_t sum64(std::span<const std::byte> bytes, std::uint32_t first_place = 0) noexcept;

/// The odd number of a place.
constexpr std::uint32_t place_weight(std::uint32_t place) noexcept {
  return (2 * place + 1) * 0x9E3779B1u;
}

/// XXH3, 64 bits, of bytes that come piece by piece: the same as `hash64` of all of them.
class Hasher {
 public:
  Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void add(std::span<const std::byte> bytes) noexcept;
  std::uint64_t value() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Digest of a multiset of (epoch, sample id): the same whatever the order they were added in.
/// A sum of 64-bit hashes, so a sample seen twice does not cancel out.
class SampleDigest {
 public:
  SampleDigest() = default;
  explicit SampleDigest(std::uint64_t value) noexcept : value_(value) {}

  void add(std::uint32_t epoch, std::uint64_t sample_id) noexcept;
  std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0;
};

/// Digest of a sequence of losses, over their bits: any change of any loss, or of their order, changes it.
class LossDigest {
 public:
  LossDigest() = default;
  explicit LossDigest(std::uint64_t value) noexcept : value_(value) {}

  void add(float loss) noexcept;
  std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace feedline
