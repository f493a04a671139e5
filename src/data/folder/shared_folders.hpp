#pragma once

#include <feedline/data/class_folder.hpp>

namespace feedline {

/// How many folders the classes of `folder` are: fewer than classes where links make several of one.
std::size_t count_class_folders(const ClassFolder& folder);

/// Warns, with the names, of classes of `folder` that are one folder.
void warn_of_shared_classes(const ClassFolder& folder);

/// Warns when `val` is the folder that is trained on, or has classes whose folders are of it, by links or
/// other spellings of its path.
void warn_of_trained_on(const ClassFolder& train, const ClassFolder& val);

/// The warning that all of the validation data `val` is trained on.
void warn_of_trained_on(const std::filesystem::path& val);

}  // namespace feedline
