#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/loader/loader.hpp>

#include <functional>
#include <memory>

namespace feedline {

/// The input pipeline of an endless run, with a shallow ring so that it soon reaches its own pace. For one
/// thread.
class ProbeStream {
 public:
  using Consumer = std::function<void(const Slot&)>;

  /// Starts `workers` workers.
  ProbeStream(const Options& options, const DataSplits& data, int workers);

  /// Returns the samples per second that `consume` takes in about `seconds`, after the ring has gone round
  /// once. Blocks. Leaves the last batch unreleased.
  double rate(double seconds, const Consumer& consume);

  /// Returns the share of the time of the last rate() that `consume` took.
  double busy() const noexcept { return busy_; }

  /// Returns the last batch; valid until the next rate().
  const Slot& last() const { return *last_; }

  const BatchSpec& spec() const { return loader_.spec(); }

 private:
  std::uint64_t take(const Consumer& consume);

  Loader loader_;
  BatchLease last_;
  Clock::duration consuming_{};
  double busy_ = 0;
};

/// Measures the bytes per second through a ring of slots from one thread to another, as between two ranks of
/// a node: written on one core, read on another. Blocks for half a second.
double measure_link(const BatchSpec& spec);

}  // namespace feedline
