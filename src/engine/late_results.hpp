#pragma once

#include <feedline/device/device_runtime.hpp>
#include <feedline/engine/learner.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace feedline {

/// What batches give on a device that works on while the host goes on: their losses, and by the device's own
/// clock how long it worked on each and stood idle before. Neither the device nor the host waits for the
/// other, until more than kMostUnderWay batches are under way. One thread; `stream` must outlive it.
class LateResults {
 public:
  static constexpr std::size_t kMostUnderWay = 6;

  LateResults(std::shared_ptr<DeviceRuntime> device, Stream& stream);
  LateResults(const LateResults&) = delete;
  LateResults& operator=(const LateResults&) = delete;

  /// Blocks until what is under way is done.
  ~LateResults();

  /// The work of a batch is asked for from here on. Blocks while too many are under way.
  void begin();

  /// It is complete, and will leave its loss at `loss` on the device, which may be used again by work that
  /// the stream is asked for later.
  void end(const float* loss);

  /// What has been asked for since is part of the work of the batch that ended last.
  void extend();

  /// What the next batch gave, in the order they ended: nothing when it is not done, or with `wait` when none
  /// is left. Blocks only with `wait`.
  std::optional<BatchResult> next(bool wait);

 private:
  /// A batch that is under way. The events of one more are kept, from whose end the next one's idle time
  /// counts.
  struct Place {
    std::unique_ptr<Event> begun, ended;
  };
  static constexpr std::size_t kPlaces = kMostUnderWay + 2;

  Place& place(std::uint64_t batch) { return places_[batch % kPlaces]; }
  BatchResult take();

  std::shared_ptr<DeviceRuntime> device_;
  Stream& stream_;
  std::vector<float> losses_;  ///< pinned, one a place
  std::unique_ptr<DeviceMemory> pinned_;
  std::array<Place, kPlaces> places_;
  std::uint64_t ended_ = 0, taken_ = 0;  ///< batches so far
  std::deque<BatchResult> waiting_;      ///< taken before they were asked for
};

}  // namespace feedline
