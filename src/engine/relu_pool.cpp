#include "relu_pool.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

namespace feedline {
namespace {

/// One picture of one channel: H x W in, H/2 x W/2 out.
struct Plane {
  std::int64_t height, width;
  std::int64_t in_size() const { return height * width; }
  std::int64_t out_size() const { return (height / 2) * (width / 2); }
};

void pool_plane(const Plane& plane, const float* __restrict in, float* __restrict out) {
  const std::int64_t columns = plane.width / 2;
  for (std::int64_t row = 0; row < plane.height / 2; ++row, out += columns) {
    const float* top = in + 2 * row * plane.width;
    const float* bottom = top + plane.width;
    for (std::int64_t i = 0; i < columns; ++i) {
      const float left = std::max(top[2 * i], bottom[2 * i]);
      const float right = std::max(top[2 * i + 1], bottom[2 * i + 1]);
      out[i] = std::max(std::max(left, right), 0.0f);
    }
  }
}

/// Computes two rows of the gradient. It goes to the first of the four values that equals the maximum, as in
/// torch. There is no branch, so that the compiler can vectorise it.
void unpool_rows(std::int64_t columns, const float* __restrict top, const float* __restrict bottom,
                 const float* __restrict out, const float* __restrict gradient, float* __restrict to_top,
                 float* __restrict to_bottom) {
  for (std::int64_t i = 0; i < columns; ++i) {
    const float maximum = out[i], whole = gradient[i];
    const float a = top[2 * i], b = top[2 * i + 1], c = bottom[2 * i], d = bottom[2 * i + 1];
    float left = maximum > 0 ? whole : 0.0f;
    const float to_a = a == maximum ? left : 0.0f;
    left = a == maximum ? 0.0f : left;
    const float to_b = b == maximum ? left : 0.0f;
    left = b == maximum ? 0.0f : left;
    const float to_c = c == maximum ? left : 0.0f;
    left = c == maximum ? 0.0f : left;
    const float to_d = d == maximum ? left : 0.0f;
    to_top[2 * i] = to_a;
    to_top[2 * i + 1] = to_b;
    to_bottom[2 * i] = to_c;
    to_bottom[2 * i + 1] = to_d;
  }
}

void unpool_plane(const Plane& plane, const float* in, const float* out, const float* gradient,
                  float* in_gradient) {
  const std::int64_t columns = plane.width / 2;
  for (std::int64_t row = 0; row < plane.height / 2; ++row) {
    const std::int64_t top = 2 * row * plane.width, pooled = row * columns;
    unpool_rows(columns, in + top, in + top + plane.width, out + pooled, gradient + pooled, in_gradient + top,
                in_gradient + top + plane.width);
  }
}

template <typename F>
void for_each_plane(const torch::Tensor& x, const F& f) {
  at::parallel_for(0, x.size(0) * x.size(1), 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t plane = begin; plane < end; ++plane) f(plane);
  });
}

struct ReluMaxPool : torch::autograd::Function<ReluMaxPool> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& input) {
    const torch::Tensor x = input.contiguous();
    const Plane plane{x.size(2), x.size(3)};
    torch::Tensor y = torch::empty({x.size(0), x.size(1), plane.height / 2, plane.width / 2}, x.options());
    const float* in = x.const_data_ptr<float>();
    float* out = y.mutable_data_ptr<float>();
    for_each_plane(
        x, [&](std::int64_t i) { pool_plane(plane, in + i * plane.in_size(), out + i * plane.out_size()); });
    context->save_for_backward({x, y});
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &y = saved[1];
    const torch::Tensor gradient = gradients[0].contiguous();
    const Plane plane{x.size(2), x.size(3)};
    const bool covered = plane.height % 2 == 0 && plane.width % 2 == 0;
    torch::Tensor result = covered ? torch::empty_like(x) : torch::zeros_like(x);
    const float* in = x.const_data_ptr<float>();
    const float* out = y.const_data_ptr<float>();
    const float* from = gradient.const_data_ptr<float>();
    float* to = result.mutable_data_ptr<float>();
    for_each_plane(x, [&](std::int64_t i) {
      unpool_plane(plane, in + i * plane.in_size(), out + i * plane.out_size(), from + i * plane.out_size(),
                   to + i * plane.in_size());
    });
    return {result};
  }
};

}  // namespace

torch::Tensor relu_max_pool(const torch::Tensor& x) {
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat) return torch::relu(torch::max_pool2d(x, 2));
  return ReluMaxPool::apply(x);
}

}  // namespace feedline
