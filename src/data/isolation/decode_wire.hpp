#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <array>
#include <cstdint>

namespace feedline {

/// A thread's request to its decoder.
struct DecodeRequest {
  std::uint32_t val = 0;  ///< Set of the sample: 1 for validation
  std::uint32_t epoch = 0;
  std::uint64_t seed = 0;
  std::uint64_t id = 0;
  std::array<std::uint64_t, kMaxTensors> bytes{};  ///< Room for each tensor of the sample, in bytes
};

/// A decoder's message: first its process id, then the result of each request. The sample itself lies in the
/// shared memory, tensor after tensor.
struct DecodeReply {
  enum Kind : std::int32_t { kReady, kDone, kBadSample, kBadStorage, kFailed };

  std::int32_t kind = kReady;
  std::int32_t pid = 0;   ///< Process id, with kReady
  std::int32_t code = 0;  ///< Exit code, with kFailed, see ExitCode
  std::array<char, 1024> path{};
  std::array<char, 1024> reason{};
};

}  // namespace feedline
