#include "aligner.hpp"

#include "monotonic_alignment.hpp"
#include "spoken_batch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace feedline {
namespace {

torch::Tensor whole(std::vector<std::int64_t> values) {
  return torch::tensor(values, torch::kLong);
}

/// The best sum over all monotonic paths that end at this token and frame, by trying all of them.
double best_of_all_paths(const torch::Tensor& table, std::int64_t frame, std::int64_t token) {
  const auto here = table[frame][token].item<double>();
  if (frame == 0) return token == 0 ? here : -INFINITY;
  const double stayed = best_of_all_paths(table, frame - 1, token);
  const double moved = token > 0 ? best_of_all_paths(table, frame - 1, token - 1) : -INFINITY;
  return here + std::max(stayed, moved);
}

TEST(MonotonicAlignment, IsTheBestOfAllPaths) {
  torch::manual_seed(1);
  const torch::Tensor table = torch::randn({20, 9, 5});
  const auto text = torch::full({20}, 5, torch::kLong), frames = torch::full({20}, 9, torch::kLong);
  const torch::Tensor paths = monotonic_alignment(table, text, frames);
  for (std::int64_t i = 0; i < 20; ++i) {
    const double found = (paths[i] * table[i]).sum().item<double>();
    EXPECT_NEAR(found, best_of_all_paths(table[i], 8, 4), 1e-4);
    EXPECT_TRUE((paths[i].sum(1) == 1).all().item<bool>());  // a frame belongs to one token
    EXPECT_TRUE((paths[i].sum(0) >= 1).all().item<bool>());  // no token is left out
  }
}

TEST(MonotonicAlignment, LeavesPaddingAlone) {
  torch::manual_seed(2);
  const torch::Tensor table = torch::randn({2, 12, 7});
  const torch::Tensor paths = monotonic_alignment(table, whole({3, 7}), whole({8, 12}));
  EXPECT_EQ(paths[0].sum().item<double>(), 8);
  EXPECT_EQ(paths[0].slice(0, 8).sum().item<double>(), 0);
  EXPECT_EQ(paths[0].slice(1, 3).sum().item<double>(), 0);
}

TEST(MonotonicAlignment, FewerFramesThanTokens) {
  const torch::Tensor paths = monotonic_alignment(torch::zeros({1, 3, 6}), whole({6}), whole({3}));
  EXPECT_TRUE((paths[0].sum(1) == 1).all().item<bool>());
}

TEST(AlignmentPrior, IsADistributionOverTheTokens) {
  const torch::Tensor prior = log_alignment_prior(whole({4, 9}), whole({10, 30}), 9, 30).exp();
  EXPECT_TRUE(torch::allclose(prior[1].sum(1), torch::ones({30}), 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(prior[0].slice(0, 0, 10).slice(1, 0, 4).sum(1), torch::ones({10}), 1e-4, 1e-4));
}

// Against the formula in double precision: C(n,k) B(k+a, n-k+b) / B(a,b).
TEST(AlignmentPrior, IsBetaBinomial) {
  const int tokens = 5, frames = 12;
  const torch::Tensor prior = log_alignment_prior(whole({tokens}), whole({frames}), tokens, frames);
  const auto log_beta = [](double a, double b) {
    return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  };
  for (int i = 0; i < frames; ++i) {
    for (int k = 0; k < tokens; ++k) {
      const double n = tokens - 1, a = i + 1, b = frames - i;
      const double choose = std::lgamma(n + 1) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1);
      EXPECT_NEAR(prior[0][i][k].item<double>(), choose + log_beta(k + a, n - k + b) - log_beta(a, b), 1e-3);
    }
  }
}

// With a certain alignment nothing is left to gain; a wrong one costs.
TEST(ForwardSum, ACertainAlignmentCostsLess) {
  const SpeechBatch batch = testing::spoken_batch({{3, 6}}, 3, 6);
  Alignment right, wrong;
  right.log_scores = torch::full({1, 6, 3}, -20.0);
  wrong.log_scores = torch::full({1, 6, 3}, -20.0);
  for (int frame = 0; frame < 6; ++frame) {
    right.log_scores[0][frame][frame / 2] = 0;
    wrong.log_scores[0][frame][2 - frame / 2] = 0;
  }
  const auto good = forward_sum_loss(right, batch).item<double>();
  EXPECT_LT(good, 1.5);
  EXPECT_GT(forward_sum_loss(wrong, batch).item<double>(), good + 5);
}

}  // namespace
}  // namespace feedline
