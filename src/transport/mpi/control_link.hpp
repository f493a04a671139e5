#pragma once

#include <feedline/comm/messenger.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/transport/channel.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace feedline {

inline constexpr int kControlTag = 101;

/// Small words between the two ends of an MPI channel.
struct ControlMessage {
  enum Kind : std::uint32_t {
    kAlive,     ///< nothing new
    kCredits,   ///< value: receives posted since the start
    kFinished,  ///< no more batches come; value: how many were sent
    kClosed,    ///< no more batches are wanted
    kFailed,    ///< code and text say why; from the sender, value: how many were sent
    kBroken,    ///< a device failed, code and text say how; nothing that is under way arrives
    kStop,      ///< this end's process was asked to stop
    kAgain,     ///< value: the batch that is wanted once more
    kBye,       ///< the last word
  };
  std::uint32_t kind = kAlive;
  std::int32_t code = 0;
  std::uint64_t value = 0;
  std::array<char, 1000> text{};
};

ControlMessage make_failure_message(ExitCode code, const std::string& text);

/// The words to and from one peer, and the watch over its signs of life. One thread.
class ControlLink {
 public:
  ControlLink(Messenger& messenger, int peer, double silence_timeout);
  ControlLink(const ControlLink&) = delete;
  ControlLink& operator=(const ControlLink&) = delete;
  ~ControlLink() { receiving_.cancel(); }

  /// From here on the peer's silence counts: before, it may be busy with other things than this channel.
  void start() noexcept {
    last_heard_ = time_.look();
    last_sent_ = Clock::now();
  }

  /// Never blocks.
  void send(const ControlMessage& message);

  /// The next word that has arrived, or nothing; also shows our sign of life and drives MPI. Throws PeerError
  /// when the peer has been silent for too long.
  std::optional<ControlMessage> poll();

  /// Whether all words have left.
  bool all_sent() const noexcept { return outgoing_.empty(); }

  /// Whether both sides have said their last word and ours has left.
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
