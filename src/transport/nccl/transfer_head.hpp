#pragma once

#include <feedline/common/hash.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace feedline {

inline constexpr int kHeaderTag = 103;

/// Precedes a slot's header in the message that announces the slot's payload. The link's transfers have no
/// names, only an order and sizes, so this head identifies them. It has a checksum of its own, so that a
/// damaged header after it costs one batch, which is sent again, and not the channel.
struct TransferHead {
  static constexpr std::uint32_t kMagic = 0x44484C46;

  std::uint32_t magic = kMagic;
  std::uint32_t again = 0;     ///< 1: the batch was sent before
  std::uint64_t number = 0;    ///< Number of the transfer, from 0
  std::uint64_t sequence = 0;  ///< Sequence of the batch
  std::uint64_t bytes = 0;     ///< Bytes of the payload
  std::uint64_t checksum = 0;  ///< Checksum of all fields before it

  std::uint64_t sum() const noexcept {
    return hash64(std::as_bytes(std::span(this, 1)).first(offsetof(TransferHead, checksum)));
  }
};
static_assert(std::is_trivially_copyable_v<TransferHead> && sizeof(TransferHead) == 40);

}  // namespace feedline
