#pragma once

#include <feedline/comm/messenger.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace feedline::testing {

/// Messages between ranks 0 and 1 that are threads of a test: as MPI's, but that a test may hold them up,
/// change them and lose them.
class FakePost {
 public:
  /// Has each message shown to `look` as it is sent, under a lock; false: it is lost.
  void intercept(std::function<bool(int from, int tag, std::vector<std::byte>&)> look) {
    const std::lock_guard lock(mutex_);
    look_ = std::move(look);
  }

  Messenger& end(int rank) { return ends_[static_cast<std::size_t>(rank)]; }

  /// Nobody who asks for anything gets on as long as that is held: as if the process were stopped, while its
  /// devices go on.
  [[nodiscard]] std::unique_lock<std::mutex> stop() { return std::unique_lock(mutex_); }

  /// Messages of that tag to that rank stay on their way until they are let through.
  void hold(int to, int tag, bool held = true) {
    const std::lock_guard lock(mutex_);
    boxes_[{to, tag}].held = held;
  }

 private:
  class Receive;
  struct Box {
    std::deque<std::vector<std::byte>> arrived;
    std::deque<Receive*> posted;
    bool held = false;
  };

  /// Completes in the order in which receives were posted.
  class Receive final : public Request::State {
   public:
    Receive(FakePost& post, std::pair<int, int> box, std::span<std::byte> to)
        : post_(post), box_(box), to_(to) {
      const std::lock_guard lock(post_.mutex_);
      post_.boxes_[box_].posted.push_back(this);
    }
    ~Receive() override { cancel(); }

    bool test() override {
      const std::lock_guard lock(post_.mutex_);
      Box& box = post_.boxes_[box_];
      if (box.held || box.arrived.empty() || box.posted.front() != this) return false;
      const std::vector<std::byte>& message = box.arrived.front();
      std::copy_n(message.begin(), std::min(message.size(), to_.size()), to_.begin());
      box.arrived.pop_front();
      box.posted.pop_front();
      return true;
    }

    void cancel() noexcept override {
      const std::lock_guard lock(post_.mutex_);
      std::erase(post_.boxes_[box_].posted, this);
    }

   private:
    FakePost& post_;
    std::pair<int, int> box_;
    std::span<std::byte> to_;
  };

  class End final : public Messenger {
   public:
    End(FakePost& post, int rank) : post_(post), rank_(rank) {}

    Request isend(std::span<const std::byte> bytes, int to, int tag) override {
      std::vector<std::byte> message(bytes.begin(), bytes.end());
      const std::lock_guard lock(post_.mutex_);
      if (!post_.look_ || post_.look_(rank_, tag, message))
        post_.boxes_[{to, tag}].arrived.push_back(std::move(message));
      return {};
    }

    Request irecv(std::span<std::byte> bytes, int, int tag) override {
      return Request(std::make_unique<Receive>(post_, std::pair(rank_, tag), bytes));
    }

   private:
    FakePost& post_;
    int rank_;
  };

  std::mutex mutex_;
  std::function<bool(int, int, std::vector<std::byte>&)> look_;
  std::map<std::pair<int, int>, Box> boxes_;  ///< by receiver and tag
  std::array<End, 2> ends_{End(*this, 0), End(*this, 1)};
};

}  // namespace feedline::testing
