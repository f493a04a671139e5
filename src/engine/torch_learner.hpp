#pragma once

#include "grad_scaler.hpp"
#include "late_results.hpp"
#include "optimizer.hpp"
#include "recorded_steps.hpp"
#include "snapshot.hpp"
#include "torch_task.hpp"

#include <feedline/engine/learner.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace feedline {

/// Trains a task with LibTorch. On a GPU only evaluations and snapshots wait for it: losses come late, and
/// steps on whole batches are recorded once per bucket and replayed, where the task can be recorded.
class TorchLearner : public Learner {
 public:
  /// `recorder` replaces the recorder of CUDA graphs, which exists only on a GPU.
  TorchLearner(const TrainSettings& options, const DataInfo& info,
               std::unique_ptr<WorkRecorder> recorder = nullptr);

  void begin_step() override;
  std::optional<BatchResult> accumulate(const Slot& batch, std::uint64_t step_samples) override;
  std::optional<BatchResult> finished(bool wait) override;
  void step(double learning_rate) override;
  std::vector<std::byte> draw(const Slot& batch, std::uint32_t row) override;
  void evaluate(const Slot& batch) override;
  std::vector<std::vector<float>> classify(const Slot& batch) override;
  ValResult finish_evaluation() override { return task_->finish_evaluation(); }
  std::vector<CheckpointPart> snapshot() override;
  void restore(const std::filesystem::path& folder, bool lenient) override;
  void load_model(const std::filesystem::path& folder) override;
  std::size_t graphs() const override { return recorded_ ? recorded_->recorded() : 0; }
  std::string model_name() const override { return name_; }
  std::int64_t parameters() const override { return count_values(task_->network().parameters()); }

  /// The parameters themselves, for inspection.
  std::vector<torch::Tensor> weights() const { return task_->network().parameters(); }

  static constexpr const char* kModelFile = "model.pt";
  static constexpr const char* kOptimizerFile = "optimizer.pt";

 private:
  /// The state that the batches of a step change before it is complete.
  struct StepStart {
    std::vector<torch::Tensor> buffers;
    NamedTensors generators;
  };

  Autocast autocast() const { return {where_.device.type(), where_.precision.number()}; }
  template <typename Factor>
  torch::Tensor learn(const std::function<torch::Tensor()>& loss_sum, const Factor& factor);
  torch::Tensor learn_from(const Slot& batch, double factor);
  std::set<std::string> not_finite_at_start() const;
  NamedTensors model_state() const;
  NamedTensors load_finite(const std::filesystem::path& folder) const;
  NamedTensors optimizer_state() const;
  void set_training(bool training);

  std::string name_;
  TrainingDevice where_;
  std::unique_ptr<TorchTask> task_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<GradScaler> scaler_;       ///< Scaler of fp16 only
  std::optional<RecordedSteps> recorded_;  ///< Recorded steps, where they can be recorded
  SnapshotMemory model_copies_, optimizer_copies_;
  std::set<std::string> spare_;  ///< Tensors that need not be finite, such as masks of minus infinity
  std::optional<StepStart> step_start_;
  bool training_ = false;
  std::optional<LateResults>
      late_;  ///< Results on a GPU; destroyed first, as they wait for work that uses the rest
};

}  // namespace feedline
