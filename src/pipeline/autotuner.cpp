#include <feedline/pipeline/autotuner.hpp>

#include <algorithm>

namespace feedline {
namespace {

constexpr double kLow = 0.5;
constexpr double kFull = 0.9;
constexpr int kLooksUntilFewer = 5;

}  // namespace

int Autotuner::look(double filled) noexcept {
  looks_full_ = filled >= kFull ? looks_full_ + 1 : 0;
  if (filled < kLow) active_ = std::min(active_ + 1, most_);
  if (looks_full_ == kLooksUntilFewer) {
    active_ = std::max(active_ - 1, 1);
    looks_full_ = 0;
  }
  return active_;
}

}  // namespace feedline
