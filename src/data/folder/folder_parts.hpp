#pragma once

#include <string>
#include <string_view>

namespace feedline {

/// The part of a data set that a folder holds, by its name.
enum class SetPart { kNone, kTrain, kValidation, kTest };

/// Returns the part by the words of the name, in any case: "train", "Training", "seg_train", "train2017";
/// "val", "valid", "dev", "eval" and so on; "test", "Testing" and so on.
SetPart part_of(std::string_view name);

/// Returns the lowest folder that both paths lie in. Both paths begin with the folder `top`. A folder that
/// holds one of the files directly does not count, unless it is `top`.
std::string common_folder(std::string_view top, std::string_view first, std::string_view last);

}  // namespace feedline
