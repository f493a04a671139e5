#pragma once

#include "carriers.hpp"

#include <feedline/comm/messenger.hpp>

#include <deque>

namespace feedline {

inline constexpr int kDataTag = 100;
inline constexpr int kAgainTag = 102;

/// Sends whole slots as MPI messages.
class HostOutbound final : public Outbound {
 public:
  HostOutbound(Messenger& messenger, int peer) : messenger_(messenger), peer_(peer) {}

  bool room() const noexcept override { return true; }
  void send(const Slot& slot) override;
  void send_again(const Slot& slot) override;
  std::uint64_t left() override;
  bool idle() const noexcept override { return in_flight_.empty(); }

 private:
  Messenger& messenger_;
  int peer_;
  std::deque<Request> in_flight_;
  Request again_;
};

class HostInbound final : public Inbound {
 public:
  HostInbound(Messenger& messenger, int peer) : messenger_(messenger), peer_(peer) {}

  void expect(const Slot& slot) override;
  void expect_less() override;
  std::uint64_t arrived() override;
  void expect_again(std::uint64_t sequence, const Slot& slot) override;
  bool again_arrived() override { return again_.test(); }

 private:
  Messenger& messenger_;
  int peer_;
  std::deque<Request> posted_;
  Request again_;
};

}  // namespace feedline
