#include "monotonic_alignment.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace feedline {
namespace {

/// One sample's table: log probabilities [frames,text] with `stride` values per frame.
struct Table {
  const float* values;
  std::int64_t stride, frames, text;

  float at(std::int64_t frame, std::int64_t token) const { return values[frame * stride + token]; }
};

void spread_evenly(const Table& table, float* path) {
  for (std::int64_t frame = 0; frame < table.frames; ++frame)
    path[frame * table.stride + frame * table.text / table.frames] = 1;
}

/// Returns `moved`: `moved[frame * text + token]` is set if the best path to that place came from the token
/// before.
std::vector<std::uint8_t> forward(const Table& table) {
  constexpr float kUnreachable = -std::numeric_limits<float>::infinity();
  std::vector<float> best(static_cast<std::size_t>(table.text), kUnreachable);
  std::vector<std::uint8_t> moved(static_cast<std::size_t>(table.frames * table.text), 0);
  best[0] = table.at(0, 0);
  for (std::int64_t frame = 1; frame < table.frames; ++frame) {
    for (std::int64_t token = std::min(frame, table.text - 1); token >= 0; --token) {
      const auto place = static_cast<std::size_t>(token);
      const bool move = token > 0 && best[place - 1] > best[place];
      best[place] = (move ? best[place - 1] : best[place]) + table.at(frame, token);
      moved[static_cast<std::size_t>(frame * table.text + token)] = move ? 1 : 0;
    }
  }
  return moved;
}

void align(const Table& table, float* path) {
  if (table.frames < table.text) return spread_evenly(table, path);
  const std::vector<std::uint8_t> moved = forward(table);
  std::int64_t token = table.text - 1;
  for (std::int64_t frame = table.frames - 1; frame >= 0; --frame) {
    path[frame * table.stride + token] = 1;
    token -= moved[static_cast<std::size_t>(frame * table.text + token)];
  }
}

}  // namespace

torch::Tensor monotonic_alignment(const torch::Tensor& log_probabilities, const torch::Tensor& text_lengths,
                                  const torch::Tensor& lengths) {
  const torch::Tensor table = log_probabilities.contiguous();
  torch::Tensor paths = torch::zeros_like(table);
  const std::int64_t frames = table.size(1), text = table.size(2);
  const auto* text_of = text_lengths.data_ptr<std::int64_t>();
  const auto* frames_of = lengths.data_ptr<std::int64_t>();
  at::parallel_for(0, table.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t first = i * frames * text;
      if (frames_of[i] == 0 || text_of[i] == 0) continue;
      align({table.data_ptr<float>() + first, text, frames_of[i], text_of[i]},
            paths.data_ptr<float>() + first);
    }
  });
  return paths;
}

}  // namespace feedline
