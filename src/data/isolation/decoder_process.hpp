#pragma once

#include "decode_wire.hpp"

#include <feedline/common/posix.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// One decoder: a child process, a socket to it, and memory for one sample that both have mapped.
class DecoderProcess {
 public:
  DecoderProcess(UniqueFd socket, Mapping memory, int pid)
      : socket_(std::move(socket)), memory_(std::move(memory)), pid_(pid) {}

  /// Sends a request and blocks until the answer. Returns std::nullopt if the decoder died, or did not answer
  /// within `timeout` seconds.
  std::optional<DecodeReply> ask(const DecodeRequest& request, double timeout);

  std::span<const std::byte> sample() const noexcept { return memory_.bytes(); }

  /// Ends the process, even if it hangs.
  void kill() noexcept;

 private:
  UniqueFd socket_;
  Mapping memory_;
  int pid_;
};

/// The server process that forks the decoders.
class DecoderHost {
 public:
  /// Starts the server: this program with `arguments`. Throws DataError.
  DecoderHost(std::vector<std::string> arguments, std::size_t sample_bytes);

  /// Forks a decoder; blocks until it is ready. Any thread. Throws DataError.
  std::unique_ptr<DecoderProcess> start();

 private:
  std::size_t sample_bytes_;
  std::mutex mutex_;
  UniqueFd control_;
};

}  // namespace feedline
