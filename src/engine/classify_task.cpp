#include "image_input.hpp"
#include "models.hpp"
#include "script_network.hpp"
#include "torch_task.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace feedline {
namespace {

constexpr const char* kClassesFile = "classes.txt";

torch::Tensor cross_entropy_sum(const torch::Tensor& logits, const torch::Tensor& labels) {
  return torch::cross_entropy_loss(logits.to(torch::kFloat), labels, {}, at::Reduction::Sum);
}

class ClassifyTask final : public TorchTask, public RecordableTask {
 public:
  ClassifyTask(const TrainSettings& options, const DataInfo& info, const TrainingDevice& where)
      : input_(info, where.device), classes_(info.class_names), own_model_(options.model_file.has_value()) {
    if (options.model_file) {
      network_ = load_script(*options.model_file, input_.shape(), info.classes, where.device);
    } else {
      network_ = make_built_in(options.model_size, input_.shape(), info.classes);
      network_->to(where.device);
    }
    if (!where.stream) return;
    // A user's model may begin with a layer that autocast leaves as it is.
    const torch::ScalarType number = options.model_file ? torch::kFloat : where.precision.number();
    input_.make_pictures_by(where.stream, number, wants_channels_last(network_->parameters()));
  }

  Network& network() noexcept override { return *network_; }

  torch::Tensor loss_sum(const Slot& batch) override {
    return cross_entropy_sum(network_->forward(input_.pictures(batch)), input_.labels(batch));
  }

  RecordableTask* recordable() noexcept override { return this; }

  void load(const Slot& batch, std::vector<torch::Tensor>& inputs) override {
    if (inputs.empty()) {
      inputs = {input_.pictures(batch), input_.labels(batch).clone()};
      return;
    }
    input_.write_pictures(batch, inputs[0]);
    inputs[1].copy_(input_.labels(batch));
  }

  torch::Tensor loss_sum(const std::vector<torch::Tensor>& inputs) override {
    return cross_entropy_sum(network_->forward(inputs[0]), inputs[1]);
  }

  void evaluate(const Slot& batch) override {
    const torch::Tensor logits = network_->forward(input_.pictures(batch));
    const torch::Tensor labels = input_.labels(batch);
    val_loss_sum_ += cross_entropy_sum(logits, labels).item<float>();
    val_correct_ += (logits.argmax(1) == labels).sum().item<std::int64_t>();
    val_samples_ += labels.size(0);
  }

  torch::Tensor classify(const Slot& batch) override {
    return network_->forward(input_.pictures(batch)).to(torch::kFloat).softmax(1);
  }

  ValResult finish_evaluation() override {
    const auto samples = static_cast<double>(std::exchange(val_samples_, 0));
    const double loss = std::exchange(val_loss_sum_, 0);
    const auto correct = static_cast<double>(std::exchange(val_correct_, 0));
    if (samples == 0) return {};
    return {loss / samples, {{"accuracy", correct / samples}}};
  }

  NamedRows named_rows() const override {
    const std::vector<std::string> tensors =
        own_model_ ? std::vector<std::string>{} : std::vector<std::string>{"head.weight", "head.bias"};
    return {kClassesFile, "classes", classes_, tensors};
  }

  std::vector<CheckpointPart> parts() override {
    if (classes_.empty()) return {};
    return {
        {kClassesFile, [text = classes_](const ByteSink& sink) { sink(std::as_bytes(std::span(text))); }}};
  }

 private:
  ImageInput input_;
  std::string classes_;  ///< Names of the classes, see class_list
  bool own_model_;       ///< Whether the model is the user's, whose head is unknown
  std::unique_ptr<Classifier> network_;
  double val_loss_sum_ = 0;
  std::int64_t val_correct_ = 0;
  std::int64_t val_samples_ = 0;
};

}  // namespace

std::unique_ptr<TorchTask> make_classify_task(const TrainSettings& options, const DataInfo& info,
                                              const TrainingDevice& where) {
  return std::make_unique<ClassifyTask>(options, info, where);
}

}  // namespace feedline
