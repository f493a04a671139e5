#include <feedline/common/philox.hpp>

namespace feedline {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;

constexpr std::uint32_t low(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}
constexpr std::uint32_t high(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c,
                                        std::array<std::uint32_t, 2> k) noexcept {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * c[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * c[2];
    c = {high(product1) ^ c[1] ^ k[0], low(product1), high(product0) ^ c[3] ^ k[1], low(product0)};
    k = {k[0] + kWeyl0, k[1] + kWeyl1};
  }
  return c;
}

// Counter words: block number, purpose and epoch share the rest with the id. The purpose sits in the top
// 4 bits of the block word, so a stream has 2^28 blocks before it could meet another.
Philox::Philox(std::uint64_t seed, RandomPurpose purpose, std::uint32_t epoch, std::uint64_t id) noexcept
    : key_{low(seed), high(seed)},
      counter_{static_cast<std::uint32_t>(purpose) << 28, epoch, low(id), high(id)} {}

std::uint32_t Philox::next_u32() noexcept {
  if (used_ == 4) {
    block_ = philox4x32(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

std::uint32_t Philox::next_below(std::uint32_t bound) noexcept {
  std::uint64_t product = std::uint64_t{next_u32()} * bound;
  if (low(product) < bound) {
    const std::uint32_t threshold = (0U - bound) % bound;
    while (low(product) < threshold) product = std::uint64_t{next_u32()} * bound;
  }
  return high(product);
}

float Philox::next_float() noexcept {
  return static_cast<float>(next_u32() >> 8) * 0x1p-24F;
}

}  // namespace feedline
