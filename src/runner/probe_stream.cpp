#include "probe_stream.hpp"

#include "schedule_of.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/transport/local.hpp>

#include <cstring>
#include <thread>

namespace feedline {
namespace {

constexpr std::size_t kDepth = 8;
constexpr double kLinkSeconds = 0.5;

BatchSchedule endless(const Options& options, const DataInfo& info) {
  ScheduleOptions schedule = schedule_of(options, info);
  schedule.grad_accum = 1;
  schedule.max_steps = 0;
  for (BucketCounts& group : schedule.buckets) group.val = 0;
  schedule.epochs = kEndlessEpochs;
  return BatchSchedule(schedule);
}

/// The plan of an endless run over the training set.
LoaderPlan endless_plan(const Options& options, const DataSplits& data, int workers) {
  DataSplits training = data;
  training.val = data.train;
  InputOptions input;
  input.prefetch.seed = options.data.seed;
  input.prefetch.workers = workers;
  input.prefetch.order = options.order;
  input.bad = {.policy = options.data.bad_samples,
               .samples = data.info.train_size,
               .most_share = options.data.max_bad};
  return {.data = training,
          .schedule = endless(options, data.info),
          .buffer = {.batches = kDepth, .bytes = 0, .note = {}},
          .input = input};
}

/// Fills slot after slot until none are wanted any more.
void fill_slots(RingSender& sender, const BatchSpec& spec) {
  for (std::uint64_t sequence = 0;; ++sequence) {
    const auto slot = sender.acquire(sequence);
    if (!slot) return;
    const auto payload = slot->bytes().subspan(spec.layout().header_bytes());
    std::memset(payload.data(), static_cast<int>(sequence & 0xFF), payload.size());
    BatchInfo info;
    info.sequence = sequence;
    slot->begin(info);
    slot->seal();
    sender.publish(sequence);
  }
}

}  // namespace

ProbeStream::ProbeStream(const Options& options, const DataSplits& data, int workers)
    : loader_(endless_plan(options, data, workers)) {}

double ProbeStream::rate(double seconds, const Consumer& consume) {
  std::uint64_t samples = 0;
  for (std::size_t i = 0; i < kDepth + 2; ++i) take(consume);
  consuming_ = {};
  const auto begin = Clock::now();
  do {
    samples += take(consume);
  } while (seconds_since(begin) < seconds);
  const double passed = seconds_since(begin);
  busy_ = to_seconds(consuming_) / passed;
  return static_cast<double>(samples) / passed;
}

std::uint64_t ProbeStream::take(const Consumer& consume) {
  last_.release();
  last_ = loader_.next();
  ensure(static_cast<bool>(last_), "an endless stream ended");
  const auto begin = Clock::now();
  consume(*last_);
  consuming_ += Clock::now() - begin;
  return last_->header().count;
}

double measure_link(const BatchSpec& spec) {
  const auto ring = make_local_ring(spec, kDepth);
  RingSender sender(ring);
  RingReceiver receiver(ring);
  std::jthread writer([&] { fill_slots(sender, spec); });
  std::uint64_t bytes = 0;
  std::uint64_t sum = 0;  // so that the reading is not left out
  const auto begin = Clock::now();
  do {
    const BatchLease slot = receiver.receive();
    sum ^= hash64(slot->bytes());
    bytes += slot->bytes().size();
  } while (seconds_since(begin) < kLinkSeconds || sum == 0);
  const double seconds = seconds_since(begin);
  receiver.close();
  return static_cast<double>(bytes) / seconds;
}

}  // namespace feedline
