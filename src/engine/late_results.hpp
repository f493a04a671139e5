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

/// The results of batches on a device that continues while the host goes on: their losses and, by the
/// device's own clock, how long it worked on each and was idle before. Neither the device nor the host waits
/// for the other, until more than kMostUnderWay batches are in progress. One thread; `stream` must outlive
/// this object.
class LateResults {
 public:
  static constexpr std::size_t kMostUnderWay = 6;

  LateResults(std::shared_ptr<DeviceRuntime> device, Stream& stream);
  LateResults(const LateResults&) = delete;
  LateResults& operator=(const LateResults&) = delete;

  /// Blocks until all batches in progress are done.
  ~LateResults();

  /// Marks the start of a batch's work. Blocks while too many batches are in progress.
  void begin();

  /// Marks the end of the batch's work, which leaves its loss at `loss` on the device; work enqueued later in
  /// the stream may reuse that memory.
  void end(const float* loss);

  /// Counts the work enqueued since then as part of the batch that ended last.
  void extend();

  /// Returns the result of the next batch, in the order they ended; std::nullopt when it is not done, or with
  /// `wait` when none is left. Blocks only with `wait`.
  std::optional<BatchResult> next(bool wait);

 private:
  /// A batch in progress. The events of one more are kept, since the next one's idle time counts from its
  /// end.
  struct Place {
    std::unique_ptr<Event> begun, ended;
  };
  static constexpr std::size_t kPlaces = kMostUnderWay + 2;

  Place& place(std::uint64_t batch) { return places_[batch % kPlaces]; }
  BatchResult take();

  std::shared_ptr<DeviceRuntime> device_;
  Stream& stream_;
  std::vector<float> losses_;  ///< Losses in pinned memory, one per place
  std::unique_ptr<DeviceMemory> pinned_;
  std::array<Place, kPlaces> places_;
  std::uint64_t ended_ = 0, taken_ = 0;  ///< Numbers of batches so far
  std::deque<BatchResult> waiting_;      ///< Results taken before they were requested
};

}  // namespace feedline
