#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <array>
#include <cstdint>

namespace feedline {

/// What a thread asks its decoder for.
struct DecodeRequest {
  std::uint32_t val = 0;  ///< 1: of the validation set
  std::uint32_t epoch = 0;
  std::uint64_t seed = 0;
  std::uint64_t id = 0;
  std::array<std::uint64_t, kMaxTensors> bytes{};  ///< that each tensor of the sample has room for
};

/// What the decoder says: first of all who it is, then how each request went. The sample itself lies in the
/// memory that both share, tensor after tensor.
struct DecodeReply {
  enum Kind : std::int32_t { kReady, kDone, kBadSample, kBadStorage, kFailed };

  std::int32_t kind = kReady;
  std::int32_t pid = 0;   ///< of kReady
  std::int32_t code = 0;  ///< of kFailed, see ExitCode
  std::array<char, 1024> path{};
  std::array<char, 1024> reason{};
};

}  // namespace feedline
