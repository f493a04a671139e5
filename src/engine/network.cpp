#include "network.hpp"

namespace feedline {

std::int64_t count_values(const std::vector<torch::Tensor>& parameters) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : parameters) count += parameter.numel();
  return count;
}

}  // namespace feedline
