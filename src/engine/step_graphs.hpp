#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace feedline {

/// Work of a device that one call enqueues, however much it is.
class RecordedWork {
 public:
  virtual ~RecordedWork() = default;
  virtual void replay() = 0;
};

/// Records the work that a device is given.
class WorkRecorder {
 public:
  virtual ~WorkRecorder() = default;

  /// Records the work that `work` enqueues, without running any of it. A replay reads and writes the same
  /// memory as the recording. Throws when some of it cannot be recorded; the state is then as if recording
  /// had not been tried.
  virtual std::unique_ptr<RecordedWork> record(const std::function<void()>& work) = 0;
};

/// Records the work of a batch once for each bucket, and replays it from then on. One thread.
class StepGraphs {
 public:
  /// Runs of a bucket's work before it is recorded: work that libraries set up or try out at first must not
  /// be recorded.
  static constexpr std::uint64_t kWarmUp = 3;

  explicit StepGraphs(std::unique_ptr<WorkRecorder> recorder) : recorder_(std::move(recorder)) {}

  /// Does `work`, which for a bucket must always enqueue the same work in the same memory. When recording
  /// fails, reports it once and from then on runs the work of all buckets directly, including those already
  /// recorded.
  void run(std::uint32_t shape, const std::function<void()>& work);

  /// The number of graphs recorded so far: at most one per bucket.
  std::size_t recorded() const noexcept { return recorded_; }

 private:
  struct ShapeGraph {
    std::uint64_t runs = 0;
    std::unique_ptr<RecordedWork> graph;
  };

  bool record(ShapeGraph& shape, const std::function<void()>& work);

  std::unique_ptr<WorkRecorder> recorder_;
  std::map<std::uint32_t, ShapeGraph> shapes_;
  std::size_t recorded_ = 0;
  bool failed_ = false;
};

}  // namespace feedline
