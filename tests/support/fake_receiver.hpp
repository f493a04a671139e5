#pragma once

#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/transport/channel_control.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace feedline::testing {

/// The receiving end of a channel without a channel: makes the schedule's batches when they are asked for, in
/// one slot, and writes down what the caller does. The sample at position p of any epoch has the id p.
class FakeReceiver : public BatchReceiver, public ChannelControl {
 public:
  /// Writes the tensors of sample `id` into row `row`.
  using Fill = std::function<void(const Slot& slot, std::uint32_t row, std::uint64_t id)>;

  FakeReceiver(const BatchSchedule& schedule, std::vector<TensorSpec> tensors, Fill fill)
      : schedule_(schedule),
        spec_(schedule.options().buckets[0].rows, std::move(tensors)),
        fill_(std::move(fill)),
        lent_(std::make_shared<Lent>(spec_.slot_bytes())) {}

  /// Ends the stream after this many batches.
  void end_after(std::uint64_t batches) { end_ = batches; }

  std::uint64_t received() const { return next_; }
  std::uint64_t released() const { return lent_->released; }
  bool closed() const { return closed_; }

  const BatchSpec& spec() const noexcept override { return spec_; }
  std::size_t depth() const noexcept override { return 4; }

  /// 1, 2, 3, 0, 1, ... as batches go.
  std::size_t ready() const noexcept override { return next_ % 4; }

  BatchLease receive() override {
    if (!wait_ready()) return {};
    ensure(lent_->released == next_, "the batch before was not released");
    const BatchPlan plan = schedule_.plan(next_++);
    const Slot slot(lent_->memory.front().bytes, spec_);
    slot.begin(plan.info);
    for (std::uint32_t row = 0; row < plan.info.count; ++row) {
      const std::uint64_t id = plan.first_position + row;
      slot.sample_ids()[row] = id;
      if (fill_) fill_(slot, row, id);
    }
    slot.seal();
    return {lent_, slot, plan.info.sequence};
  }

  bool wait_ready() override { return next_ < end_ && next_ < schedule_.size() && !closed_; }

  void close() noexcept override { closed_ = true; }
  void fail(const Failure&) noexcept override {}
  void lose_peer(const std::string&) noexcept override {}
  LinkStats stats() const override { return {}; }

 private:
  struct alignas(kSlotAlignment) Block {
    std::byte bytes[kSlotAlignment];
  };

  /// The one slot.
  struct Lent final : BatchLender {
    explicit Lent(std::size_t bytes) : memory(bytes / kSlotAlignment + 1) {}

    void take_back(std::uint64_t number) noexcept override {
      ensure(number == released, "released out of order");
      ++released;
      for (Block& block : memory) block = {};  // nobody may read it any more
    }

    std::vector<Block> memory;
    std::uint64_t released = 0;
  };

  const BatchSchedule& schedule_;
  BatchSpec spec_;
  Fill fill_;
  std::shared_ptr<Lent> lent_;
  std::uint64_t next_ = 0;
  std::uint64_t end_ = UINT64_MAX;
  bool closed_ = false;
};

}  // namespace feedline::testing
