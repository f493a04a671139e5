#pragma once

#include <feedline/batch/slot_header.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace feedline {

/// The version of the messages between a server of batches and its client.
inline constexpr int kServeProtocol = 1;

/// The first message of a client: the JSON text of its settings.
struct OpenRequest {
  std::string settings;
};

/// The client has taken a batch, and may use it for as long as it likes.
struct TakeRequest {
  std::uint32_t slot = 0;
  std::uint64_t number = 0;  ///< Number of the batch in that slot
};

/// The client no longer uses a batch. It may say so more than once.
struct ReleaseRequest {
  std::uint32_t slot = 0;
  std::uint64_t number = 0;  ///< Number of the batch in that slot
};

struct StatsRequest {};

/// The client wants no more, or is gone.
struct QuitRequest {};

using ClientRequest = std::variant<OpenRequest, TakeRequest, ReleaseRequest, StatsRequest, QuitRequest>;

/// The server's end of the socket to its client: a SOCK_SEQPACKET socket whose messages begin with a byte
/// that names their kind. docs/serve.md describes them.
///
/// Thread rule: one thread receives; any thread sends, a message at a time.
class ClientSocket {
 public:
  /// Takes the descriptor over. Throws UsageError when it is no such socket.
  explicit ClientSocket(int descriptor);

  int descriptor() const noexcept { return fd_.get(); }

  /// Blocks until a message arrives. Throws PeerError for one that is not of this protocol.
  ClientRequest receive();

  // These block while the client reads nothing, and throw PeerError when it is gone.

  /// Sends the text of the stream's description and the slots' memory file.
  void send_info(std::string_view json, int slots) const;

  /// Announces a batch; `number` counts from the beginning of the stream.
  void send_batch(std::uint32_t slot, std::uint64_t number, const SlotHeader& batch) const;
  void send_end() const;
  void send_failure(ExitCode code, const std::string& message) const;
  /// Never blocks: nothing is sent while the client has much to read.
  void send_stats(const std::string& json) const;

 private:
  void send_bytes(const void* bytes, std::size_t size) const;
  void send_text(char kind, std::string_view text) const;

  UniqueFd fd_;
};

}  // namespace feedline
