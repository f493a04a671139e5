#pragma once

#include <string>
#include <string_view>

namespace feedline {

/// What the name of a folder says that it holds of a data set.
enum class SetPart { kNone, kTrain, kValidation, kTest };

/// By the words of the name, in any case: "train", "Training", "seg_train", "train2017"; "val", "valid",
/// "dev", "eval" and so on; "test", "Testing" and so on.
SetPart part_of(std::string_view name);

/// The lowest folder that both paths, which begin with the folder `top`, lie in; not the one that a file lies
/// in directly, unless that is `top`.
std::string common_folder(std::string_view top, std::string_view first, std::string_view last);

}  // namespace feedline
