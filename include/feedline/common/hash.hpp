#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace feedline {

/// Returns the 64-bit XXH3 hash of `bytes`.
std::uint64_t hash64(std::span<const std::byte> bytes, std::uint64_t seed = 0) noexcept;

/// Returns a checksum that can be summed in any order, as a GPU does: the sum modulo 2^64 of the 32-bit words
/// of `bytes` (little endian, the last one padded with zeros), each multiplied by the odd weight of its
/// place. Every change within one word changes the sum. `first_place` is the place of the first word.
std::uint64_t sum64(std::span<const std::byte> bytes, std::uint32_t first_place = 0) noexcept;

/// Returns the odd weight of a place.
constexpr std::uint32_t place_weight(std::uint32_t place) noexcept {
  return (2 * place + 1) * 0x9E3779B1u;
}

/// Computes the 64-bit XXH3 hash of bytes that arrive in pieces. The result equals `hash64` of all of them.
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

/// Digest of a multiset of (epoch, sample id) pairs, independent of the order in which they are added. It is
/// a sum of 64-bit hashes, so a sample that is added twice does not cancel out.
class SampleDigest {
 public:
  SampleDigest() = default;
  explicit SampleDigest(std::uint64_t value) noexcept : value_(value) {}

  void add(std::uint32_t epoch, std::uint64_t sample_id) noexcept;
  std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0;
};

/// Digest of the bits of a sequence of losses. Any change of a loss or of their order changes the digest.
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
