#pragma once

namespace feedline {

/// Decides how many workers are active, from how full the ring is: one more when it runs low, since then the
/// consumer waits or is about to; one fewer when it has stayed nearly full, since then the consumer is the
/// slower side and can use the core. A pure function of what it was shown; no thread safety.
class Autotuner {
 public:
  /// Starts with all of `most` active: the ring is empty then.
  explicit Autotuner(int most) noexcept : most_(most), active_(most) {}

  int active() const noexcept { return active_; }

  /// Takes one look at the ring, `filled` of which (0..1) is ready; looks are to be evenly spaced. Returns
  /// the number of workers that are to be active.
  int look(double filled) noexcept;

 private:
  int most_;
  int active_;
  int looks_full_ = 0;
};

}  // namespace feedline
