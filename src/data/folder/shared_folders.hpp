#pragma once

#include <feedline/data/class_folder.hpp>

namespace feedline {

/// Returns the number of different folders that the classes of `folder` are. It is smaller than the number of
/// classes where links make several classes of one folder.
std::size_t count_class_folders(const ClassFolder& folder);

/// Warns of classes of `folder` that are the same folder, with their names.
void warn_of_shared_classes(const ClassFolder& folder);

/// Warns when `val` is the folder that is trained on, or has classes whose folders are trained on, because of
/// links or other spellings of its path.
void warn_of_trained_on(const ClassFolder& train, const ClassFolder& val);

/// Warns that all of the validation data `val` is trained on.
void warn_of_trained_on(const std::filesystem::path& val);

}  // namespace feedline
