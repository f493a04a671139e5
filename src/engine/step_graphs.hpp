#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace feedline {

/// Work of a device that is asked for with one call, however much it is.
class RecordedWork {
 public:
  virtual ~RecordedWork() = default;
  virtual void replay() = 0;
};

/// Writes down what a device is asked for.
class WorkRecorder {
 public:
  virtual ~WorkRecorder() = default;

  /// What `work` asks for, none of which is done. Replayed, it reads and writes the memory that it did then.
  /// Throws when some of it cannot be recorded; all is then as if it had not been tried.
  virtual std::unique_ptr<RecordedWork> record(const std::function<void()>& work) = 0;
};

/// Has the work of a batch recorded, once for each shape of batches, and replayed from then on. One thread.
class StepGraphs {
 public:
  /// So often a shape's work is done as it is before it is recorded: what libraries set up or try out at
  /// first must not be recorded.
  static constexpr std::uint64_t kWarmUp = 3;

  explicit StepGraphs(std::unique_ptr<WorkRecorder> recorder) : recorder_(std::move(recorder)) {}

  /// Does `work`, which for a shape must always ask for the same in the same memory. When recording fails,
  /// says so once and does the work of all shapes as it is from then on, also of those that were recorded.
  void run(std::uint32_t shape, const std::function<void()>& work);

  /// Graphs recorded so far: at most one a shape.
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
