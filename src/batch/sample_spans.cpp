#include <feedline/batch/sample_spans.hpp>

namespace feedline {

std::size_t sample_bytes(const std::vector<TensorSpec>& tensors) noexcept {
  std::size_t bytes = 0;
  for (const TensorSpec& tensor : tensors) bytes += tensor.sample_bytes();
  return bytes;
}

SampleSpans spans_in(std::span<std::byte> buffer, const std::vector<TensorSpec>& tensors) noexcept {
  SampleSpans spans;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::size_t bytes = tensors[i].sample_bytes();
    spans[i] = buffer.first(bytes);
    buffer = buffer.subspan(bytes);
  }
  return spans;
}

}  // namespace feedline
