#include "models.hpp"

#include "residual_net.hpp"
#include "tiny_net.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <memory>

namespace feedline {
namespace {

constexpr std::int64_t kSmallestSide = 8;

template <typename Module>
class ModuleClassifier final : public ModuleNetwork<Classifier, Module> {
 public:
  using ModuleNetwork<Classifier, Module>::ModuleNetwork;

  torch::Tensor forward(const torch::Tensor& pictures) override { return this->module().forward(pictures); }
};

template <typename Module, typename... Args>
std::unique_ptr<Classifier> classifier_of(Args&&... args) {
  return std::make_unique<ModuleClassifier<Module>>(std::make_shared<Module>(std::forward<Args>(args)...));
}

ResidualPlan plan_of(ModelSize size) {
  switch (size) {
    case ModelSize::kTiny:
      break;
    case ModelSize::kSmall:
      return {{16, 32, 64}, {1, 1, 1}};
    case ModelSize::kNormal:
      return {{32, 64, 128, 256}, {2, 2, 2, 2}};
    case ModelSize::kBig:
      return {{64, 128, 256, 512}, {3, 4, 6, 3}};
  }
  throw InternalError("This model size has no residual net.");
}

}  // namespace

const char* size_name(ModelSize size) noexcept {
  switch (size) {
    case ModelSize::kTiny:
      return "tiny";
    case ModelSize::kSmall:
      return "small";
    case ModelSize::kNormal:
      return "normal";
    case ModelSize::kBig:
      return "big";
  }
  return "?";
}

std::unique_ptr<Classifier> make_built_in(ModelSize size, const PictureShape& shape, std::int64_t classes) {
  if (shape.height < kSmallestSide || shape.width < kSmallestSide) {
    throw UsageError(
        fmt::format("The built-in models need pictures of at least {0} x {0} pixels; these have {1} x {2}. "
                    "Give a model of your own with --model FILE.",
                    kSmallestSide, shape.height, shape.width));
  }
  if (size == ModelSize::kTiny) return classifier_of<TinyNet>(shape, classes);
  return classifier_of<ResidualNet>(plan_of(size), shape, classes);
}

}  // namespace feedline
