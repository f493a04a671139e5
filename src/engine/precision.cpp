#include "precision.hpp"

#include <feedline/common/errors.hpp>

#include <ATen/autocast_mode.h>
#include <fmt/format.h>

namespace feedline {

Precision::Precision(const std::string& name, torch::Device device) {
  if (device.is_cpu() && (name == "fp16" || name == "tf32")) {
    throw UsageError(fmt::format(
        "--precision {} is for GPUs. On the CPU train with --precision bf16, or with fp32.", name));
  }
  if (name == "bf16") number_ = torch::kBFloat16;
  if (name == "fp16") number_ = torch::kHalf;
  // Torch's default is TF32 for convolutions, which is not fp32.
  at::globalContext().setAllowTF32CuBLAS(name == "tf32");
  at::globalContext().setAllowTF32CuDNN(name == "tf32");
}

Autocast::Autocast(torch::DeviceType device, torch::ScalarType number)
    : device_(device),
      was_enabled_(at::autocast::is_autocast_enabled(device)),
      was_(at::autocast::get_autocast_dtype(device)) {
  at::autocast::set_autocast_enabled(device, number != torch::kFloat);
  if (number != torch::kFloat) at::autocast::set_autocast_dtype(device, number);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, was_enabled_);
  at::autocast::set_autocast_dtype(device_, was_);
}

}  // namespace feedline
