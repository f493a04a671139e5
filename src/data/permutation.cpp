#include <feedline/data/permutation.hpp>

#include <bit>

namespace feedline {
namespace {

constexpr unsigned kRoundPairs = 4;

constexpr std::uint64_t low_bits(unsigned bits) {
  return (std::uint64_t{1} << bits) - 1;
}

/// The multiplications of MurmurHash3's 64-bit finalizer around a key of the round.
std::uint64_t mix(std::uint64_t value, std::uint64_t key) noexcept {
  value = (value ^ key) * 0xFF51AFD7ED558CCD;
  value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53;
  return value >> 32;
}

}  // namespace

Permutation::Permutation(std::uint64_t size, std::uint64_t seed, std::uint32_t epoch,
                         RandomPurpose purpose) noexcept
    : size_(size) {
  const auto bits = static_cast<unsigned>(std::bit_width(size > 1 ? size - 1 : 1));
  right_bits_ = bits / 2;
  left_mask_ = low_bits(bits - right_bits_);
  right_mask_ = low_bits(right_bits_);
  Philox random(seed, purpose, epoch, size);
  for (std::uint64_t& key : key_) {
    key = random.next_u32();
    key = key << 32 | random.next_u32();
  }
  key_[1] |= 1;  // an odd step, so that no two rounds share a key
}

std::uint64_t Permutation::operator()(std::uint64_t position) const noexcept {
  do {
    position = encrypt(position);
  } while (position >= size_);
  return position;
}

std::uint64_t Permutation::encrypt(std::uint64_t value) const noexcept {
  std::uint64_t left = value >> right_bits_;
  std::uint64_t right = value & right_mask_;
  std::uint64_t key = key_[0];
  for (unsigned pair = 0; pair < kRoundPairs; ++pair) {
    left ^= mix(right, key) & left_mask_;
    key += key_[1];
    right ^= mix(left, key) & right_mask_;
    key += key_[1];
  }
  return left << right_bits_ | right;
}

}  // namespace feedline
