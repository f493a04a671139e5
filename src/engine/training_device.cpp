#include "training_device.hpp"

#include "torch_setup.hpp"

namespace feedline {

TrainingDevice start_training_device(const TrainSettings& options) {
  set_up_torch(options);
  const torch::Device device = torch_device(options.device);
  TrainingDevice where{device, Precision(options.precision, device), nullptr, nullptr};
  if (!device.is_cuda()) return where;
  where.gpu = options.gpu ? options.gpu : open_device(Device::parse(options.device));
  where.stream = where.gpu->borrow_stream(use_cuda_stream(options.stream, device));
  return where;
}

}  // namespace feedline
