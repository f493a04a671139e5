#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace feedline {

/// A message on its way. Move-only; must be complete (or cancelled) before its buffer goes.
class Request {
 public:
  /// What carries the message knows of it.
  class State {
   public:
    virtual ~State() = default;
    virtual bool test() = 0;
    virtual void cancel() noexcept = 0;
  };

  Request() = default;
  explicit Request(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}

  bool active() const noexcept { return state_ != nullptr; }

  /// Whether it is complete; drives MPI's progress. Throws PeerError when the message failed.
  bool test() {
    if (state_ && state_->test()) state_.reset();
    return !state_;
  }

  /// Gives a receive up. Does not block for longer than MPI needs to answer.
  void cancel() noexcept {
    if (const auto given_up = std::exchange(state_, nullptr)) given_up->cancel();
  }

 private:
  std::unique_ptr<State> state_;
};

/// Messages between ranks. Those of one tag, between the same two, arrive in order. One thread at a time.
class Messenger {
 public:
  virtual ~Messenger() = default;

  /// Neither blocks. `bytes` must stay until the request is complete.
  virtual Request isend(std::span<const std::byte> bytes, int to, int tag) = 0;
  virtual Request irecv(std::span<std::byte> bytes, int from, int tag) = 0;
};

}  // namespace feedline
