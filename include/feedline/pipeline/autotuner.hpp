#pragma once

namespace feedline {

/// Decides how many workers are active from how full the ring is. It adds one when the ring runs low, since
/// the consumer then waits or is about to; it removes one when the ring has stayed nearly full, since the
/// consumer is then the slower side and can use the core. The result depends only on the values passed to
/// `look`; not thread-safe.
class Autotuner {
 public:
  /// Starts with all of `most` workers active, since the ring is empty then.
  explicit Autotuner(int most) noexcept : most_(most), active_(most) {}

  int active() const noexcept { return active_; }

  /// Takes `filled`, the fraction (0..1) of the ring that is ready; calls should be evenly spaced in time.
  /// Returns the number of workers that should be active.
  int look(double filled) noexcept;

 private:
  int most_;
  int active_;
  int looks_full_ = 0;
};

}  // namespace feedline
