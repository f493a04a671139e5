#pragma once

#include <feedline/comm/messenger.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace feedline {

inline constexpr int kControlTag = 101;

/// Short control messages between the two ends of an MPI channel.
struct ControlMessage {
  enum Kind : std::uint32_t {
    kAlive,     ///< No news
    kCredits,   ///< value: receives posted since the start
    kFinished,  ///< No more batches follow; value: number of batches sent
    kClosed,    ///< No more batches are wanted
    kFailed,    ///< code and text give the reason; from the sender, value: number of batches sent
    kBroken,    ///< A device failed, code and text give the reason; no batch in transit arrives
    kStop,      ///< The process of this end was asked to stop
    kAgain,     ///< value: sequence of the batch that is requested again
    kBye,       ///< The last message
  };
  std::uint32_t kind = kAlive;
  std::int32_t code = 0;
  std::uint64_t value = 0;
  std::array<char, 1000> text{};
};

ControlMessage make_failure_message(ExitCode code, const std::string& text);

/// The control messages to and from one peer, and the check of its signs of life. One thread.
class ControlLink {
 public:
  ControlLink(Messenger& messenger, int peer, double silence_timeout);
  ControlLink(const ControlLink&) = delete;
  ControlLink& operator=(const ControlLink&) = delete;
  ~ControlLink() { receiving_.cancel(); }

  /// From this call on the peer's silence counts; before it, the peer may be busy outside this channel.
  void start() noexcept {
    last_heard_ = time_.look();
    last_sent_ = Clock::now();
  }

  /// Never blocks.
  void send(const ControlMessage& message);

  /// Returns the next message that has arrived, or std::nullopt; also sends a sign of life and drives MPI.
  /// Throws PeerError when the peer has been silent for too long.
  std::optional<ControlMessage> poll();

  /// Whether all messages have left.
  bool all_sent() const noexcept { return outgoing_.empty(); }

  /// Whether both ends have sent their last message and this end's has left.
  bool over();

 private:
  struct Outgoing {
    ControlMessage message;
    Request request;
  };

  Messenger& messenger_;
  int peer_;
  double silence_timeout_;
  std::unique_ptr<ControlMessage> incoming_;
  Request receiving_;
  std::deque<std::unique_ptr<Outgoing>> outgoing_;
  OwnTime time_;
  Clock::duration last_heard_{};
  Clock::time_point last_sent_;
  bool said_bye_ = false, heard_bye_ = false;
};

}  // namespace feedline
