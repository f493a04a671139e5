#include <feedline/batch/sample_places.hpp>

namespace feedline {

std::size_t sample_bytes(const std::vector<TensorSpec>& tensors) noexcept {
  std::size_t bytes = 0;
  for (const TensorSpec& tensor : tensors) bytes += tensor.sample_bytes();
  return bytes;
}

SamplePlaces places_in(std::span<std::byte> buffer, const std::vector<TensorSpec>& tensors) noexcept {
  SamplePlaces places;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::size_t bytes = tensors[i].sample_bytes();
    places[i] = buffer.first(bytes);
    buffer = buffer.subspan(bytes);
  }
  return places;
}

}  // namespace feedline
