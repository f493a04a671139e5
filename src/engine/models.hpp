#pragma once

#include "network.hpp"

#include <feedline/engine/learner.hpp>

#include <cstdint>
#include <memory>

namespace feedline {

const char* size_name(ModelSize size) noexcept;

/// Makes the built-in model of that size, with weights drawn from torch's generator. None of its layers mixes
/// the samples of a batch, so the gradient of a batch is the sum of those of its parts. Throws UsageError
/// when the pictures are smaller than 8 x 8.
std::unique_ptr<Classifier> make_built_in(ModelSize size, const PictureShape& shape, std::int64_t classes);

}  // namespace feedline
