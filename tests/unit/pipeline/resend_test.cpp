#include "collected_stream.hpp"
#include "fake_dataset.hpp"
#include "two_epochs.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/local.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using testing::collect_all;
using testing::CollectedBatch;
using testing::FakeDataset;
using ::testing::HasSubstr;
using testing::kBatch;
using ::testing::ThrowsMessage;
using testing::two_epochs;

/// A pipeline over a ring whose payload is checked, with `damage` done to each batch on its way. Sample 7 is
/// bad.
struct CheckedPipeline {
  explicit CheckedPipeline(std::function<void(const Slot&)> damage,
                           BadSamplePolicy policy = BadSamplePolicy::kReplace, std::uint64_t first = 0)
      : schedule(two_epochs()),
        train(std::make_shared<FakeDataset>(61,
                                            [](const SampleKey& key) {
                                              if (key.id == 7) throw SampleError("sample 7", "is bad");
                                            })),
        val(std::make_shared<FakeDataset>(21, FakeDataset::Hook{}, 1000)),
        ring(make_local_ring(BatchSpec(kBatch, train->tensors()), 4, checked())),
        sender(ring),
        receiver(ring),
        bad(policy, 61),
        prefetcher(schedule, train, val, bad, sender,
                   {11, 3, false, Order::kStrict, true, first, std::move(damage)}) {}

  static RingOptions checked() {
    RingOptions options;
    options.checks = ChecksumKind::kHash;
    return options;
  }

  std::vector<CollectedBatch> stream() {
    prefetcher.start();
    auto batches = collect_all(receiver);
    prefetcher.wait();
    return batches;
  }

  BatchSchedule schedule;
  DatasetPtr train, val;
  std::shared_ptr<SlotRing> ring;
  RingSender sender;
  RingReceiver receiver;
  BadSamples bad;
  Prefetcher prefetcher;
};

void flip(const Slot& batch, std::uint32_t row) {
  batch.row(0, row)[0] ^= std::byte{1};
}

TEST(Resend, DamagedBatchesAreMadeAnewWithTheSameBytes) {
  for (const BadSamplePolicy policy : {BadSamplePolicy::kReplace, BadSamplePolicy::kSkip}) {
    const auto sound = CheckedPipeline({}, policy).stream();
    ASSERT_EQ(sound.size(), 22u);
    const auto damaged = CheckedPipeline(
                             [](const Slot& batch) {
                               if (batch.header().sequence % 3 == 0) flip(batch, batch.header().count - 1);
                             },
                             policy)
                             .stream();
    EXPECT_TRUE(damaged == sound);
  }
}

TEST(Resend, ADamagedHeaderIsMadeAnewToo) {
  const auto sound = CheckedPipeline({}).stream();
  const auto damaged = CheckedPipeline([](const Slot& batch) {
                         if (batch.header().sequence == 5) batch.sample_ids()[2] ^= 4;
                         if (batch.header().sequence == 9) batch.header().epoch += 1;
                       }).stream();
  EXPECT_TRUE(damaged == sound);
}

/// Begins in the middle, as who takes over does: the batches before were another's, and are made from the
/// order.
TEST(Resend, BatchesOfAnotherSenderAreMadeAnewToo) {
  const auto sound = CheckedPipeline({}).stream();
  CheckedPipeline pipeline({}, BadSamplePolicy::kReplace, 2);
  for (std::uint64_t sequence = 0; sequence < 2; ++sequence) {  // of a sender that left rubbish behind
    ASSERT_TRUE(pipeline.sender.acquire(sequence));
    pipeline.ring->sender().set_count(sequence + 1);
  }
  EXPECT_TRUE(pipeline.stream() == sound);
}

/// As who takes over from a sender that had published all there is, when one of its batches is wanted again.
TEST(Resend, BatchesAreMadeAnewAlsoWhenNoneIsLeftToMake) {
  const auto sound = CheckedPipeline({}).stream();
  CheckedPipeline pipeline({}, BadSamplePolicy::kReplace, sound.size());
  pipeline.ring->sender().set_count(sound.size());  // of a sender that left nothing but rubbish behind
  EXPECT_TRUE(pipeline.stream() == sound);
}

/// A sender that damages whatever it is asked for.
TEST(Resend, WhatIsDamagedAgainEndsTheStream) {
  const auto ring =
      make_local_ring(BatchSpec(kBatch, FakeDataset(8).tensors()), 2, CheckedPipeline::checked());
  RingSender sender(ring);
  RingReceiver receiver(ring);
  const auto send = [](const Slot& slot) {
    slot.begin({Split::kTrain, false, 0, 0, 0, 1});
    slot.check_row(0);
    slot.seal(ChecksumKind::kHash);
    flip(slot, 0);
  };
  send(*sender.acquire(0));
  sender.publish(0);
  std::thread answering([&] {
    while (!sender.resend_request()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    send(sender.resend_slot(0));
    sender.publish_resend();
  });
  EXPECT_THAT([&] { receiver.receive(); },
              ThrowsMessage<PeerError>(HasSubstr("Batch 0 was damaged on its way: row 0")));
  answering.join();
}

}  // namespace
}  // namespace feedline
