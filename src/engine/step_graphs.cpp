#include "step_graphs.hpp"

#include <feedline/common/log.hpp>

#include <fmt/format.h>

#include <exception>
#include <string>

namespace feedline {

void StepGraphs::run(std::uint32_t shape, const std::function<void()>& work) {
  ShapeGraph& its = shapes_[shape];
  const bool warm = its.runs++ >= kWarmUp;
  if (its.graph || (warm && !failed_ && record(its, work))) {
    its.graph->replay();
  } else {
    work();
  }
}

/// Records the step; returns false when it cannot be recorded.
bool StepGraphs::record(ShapeGraph& shape, const std::function<void()>& work) {
  try {
    shape.graph = recorder_->record(work);
  } catch (const std::exception& error) {
    failed_ = true;
    for (auto& [_, each] : shapes_) each.graph.reset();  // torch may be unable to replay them after this
    const std::string reason = error.what();
    log_warning(
        fmt::format("The training step cannot be recorded as a CUDA graph ({}). Training goes on without; "
                    "small models are slower so.",
                    reason.substr(0, reason.find('\n'))));
    return false;
  }
  ++recorded_;
  return true;
}

}  // namespace feedline
