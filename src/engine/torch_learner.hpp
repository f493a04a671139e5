#pragma once

#include "grad_scaler.hpp"
#include "optimizer.hpp"
#include "precision.hpp"
#include "snapshot.hpp"
#include "torch_task.hpp"

#include <feedline/engine/learner.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Trains a task with LibTorch.
class TorchLearner : public Learner {
 public:
  TorchLearner(const TrainOptions& options, const DataInfo& info);

  void begin_step() override;
  std::optional<float> accumulate(const Slot& batch, std::uint64_t step_samples) override;
  void step(double learning_rate) override;
  std::vector<std::byte> draw(const Slot& batch, std::uint32_t row) override;
  void evaluate(const Slot& batch) override;
  ValResult finish_evaluation() override { return task_->finish_evaluation(); }
  std::vector<CheckpointPart> snapshot() override;
  void restore(const std::filesystem::path& folder, bool lenient) override;
  std::string model_name() const override { return name_; }
  std::int64_t parameters() const override { return count_values(task_->network().parameters()); }

  /// The parameters themselves, for who inspects them.
  std::vector<torch::Tensor> weights() const { return task_->network().parameters(); }

  static constexpr const char* kModelFile = "model.pt";
  static constexpr const char* kOptimizerFile = "optimizer.pt";

 private:
  /// What the batches of a step change before it is complete.
  struct StepStart {
    std::vector<torch::Tensor> buffers;
    NamedTensors generators;
  };

  torch::Tensor mean_part(const Slot& batch, std::uint64_t step_samples);
  NamedTensors model_state() const;
  NamedTensors optimizer_state() const;
  void set_training(bool training);

  std::string name_;
  torch::Device device_;
  Precision precision_;
  std::unique_ptr<TorchTask> task_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<GradScaler> scaler_;  ///< fp16
  SnapshotMemory model_copies_, optimizer_copies_;
  std::optional<StepStart> step_start_;
  bool training_ = false;
};

}  // namespace feedline
