#pragma once

#include "carriers.hpp"

#include <feedline/comm/communicator.hpp>

#include <deque>

namespace feedline {

inline constexpr int kDataTag = 100;
inline constexpr int kAgainTag = 102;

/// Whole slots as MPI messages.
class HostOutbound final : public Outbound {
 public:
  HostOutbound(Communicator& communicator, int peer) : communicator_(communicator), peer_(peer) {}

  bool room() const noexcept override { return true; }
  void send(const Slot& slot) override;
  void send_again(const Slot& slot) override;
  std::uint64_t left() override;
  bool idle() const noexcept override { return in_flight_.empty(); }

 private:
  Communicator& communicator_;
  int peer_;
  std::deque<Request> in_flight_;
  Request again_;
};

class HostInbound final : public Inbound {
 public:
  HostInbound(Communicator& communicator, int peer) : communicator_(communicator), peer_(peer) {}

  void expect(const Slot& slot) override;
  void expect_less() override;
  std::uint64_t arrived() override;
  void expect_again(const Slot& slot) override;
  bool again_arrived() override { return again_.test(); }

 private:
  Communicator& communicator_;
  int peer_;
  std::deque<Request> posted_;
  Request again_;
};

}  // namespace feedline
