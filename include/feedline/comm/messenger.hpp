#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace feedline {

/// A message in transit. Move-only. It must be complete or cancelled before its buffer is freed.
class Request {
 public:
  /// The transport's own part of the request.
  class State {
   public:
    virtual ~State() = default;
    virtual bool test() = 0;
    virtual void cancel() noexcept = 0;
  };

  Request() = default;
  explicit Request(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}

  bool active() const noexcept { return state_ != nullptr; }

  /// Returns whether the message is complete, and drives MPI's progress. Throws PeerError when it has failed.
  bool test() {
    if (state_ && state_->test()) state_.reset();
    return !state_;
  }

  /// Gives up a receive. Blocks no longer than MPI needs to answer.
  void cancel() noexcept {
    if (const auto given_up = std::exchange(state_, nullptr)) given_up->cancel();
  }

 private:
  std::unique_ptr<State> state_;
};

/// Sends messages between ranks. Messages with one tag between the same two ranks arrive in order. One thread
/// at a time may use it.
class Messenger {
 public:
  virtual ~Messenger() = default;

  /// Neither call blocks. `bytes` must stay valid until the request is complete.
  virtual Request isend(std::span<const std::byte> bytes, int to, int tag) = 0;
  virtual Request irecv(std::span<std::byte> bytes, int from, int tag) = 0;
};

}  // namespace feedline
