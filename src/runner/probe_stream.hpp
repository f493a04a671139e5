#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/bad_samples.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/local.hpp>

#include <functional>
#include <memory>

namespace feedline {

/// The input pipeline of an endless run, with a shallow ring so that it soon reaches its own pace. For one
/// thread.
class ProbeStream {
 public:
  using Consumer = std::function<void(const Slot&)>;

  /// Starts `workers` workers. `data` must outlive the stream.
  ProbeStream(const Options& options, const DataSplits& data, int workers);

  /// Returns the samples per second that `consume` takes in about `seconds`, after the ring has gone round
  /// once. Blocks. Leaves the last batch unreleased.
  double rate(double seconds, const Consumer& consume);

  /// Returns the share of the time of the last rate() that `consume` took.
  double busy() const noexcept { return busy_; }

  /// Returns the last batch; valid until the next rate().
  const Slot& last() const { return *last_; }

  const BatchSpec& spec() const { return ring_->pool().spec(); }

 private:
  std::uint64_t take(const Consumer& consume);

  BatchSchedule schedule_;
  BadSamples bad_;
  std::shared_ptr<SlotRing> ring_;
  RingSender sender_;
  RingReceiver receiver_;
  Prefetcher prefetcher_;
  BatchLease last_;
  Clock::duration consuming_{};
  double busy_ = 0;
};

/// Measures the bytes per second through a ring of slots from one thread to another, as between two ranks of
/// a node: written on one core, read on another. Blocks for half a second.
double measure_link(const BatchSpec& spec);

}  // namespace feedline
