#pragma once

#include "image_input.hpp"
#include "network.hpp"
#include "optimizer.hpp"

#include <feedline/engine/learner.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace feedline {

/// Classification of pictures with LibTorch: cross-entropy, and accuracy in validation.
class TorchLearner : public Learner {
 public:
  TorchLearner(const TrainOptions& options, const DataInfo& info);

  std::optional<float> accumulate(const Slot& batch, std::uint64_t step_samples) override;
  void step(double learning_rate) override;
  void evaluate(const Slot& batch) override;
  ValResult finish_evaluation() override;
  std::string model_name() const override { return name_; }
  std::int64_t parameters() const override { return count_values(network_->parameters()); }

  /// The parameters themselves, for who inspects them.
  std::vector<torch::Tensor> weights() const { return network_->parameters(); }

 private:
  void set_training(bool training);

  std::string name_;
  ImageInput input_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Optimizer> optimizer_;
  bool training_ = false;
  double val_loss_sum_ = 0;
  std::int64_t val_correct_ = 0;
  std::int64_t val_samples_ = 0;
};

}  // namespace feedline
