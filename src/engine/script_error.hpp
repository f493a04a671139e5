#pragma once

#include <string>

namespace feedline {

/// The text of a torch error as a part of a sentence, without a full stop: for an error within a TorchScript
/// module its reason and the line of the script, which torch puts into a traceback of many lines after it;
/// for others the first line.
std::string explain_torch_error(const std::string& text);

/// Whether the error arose within a TorchScript module.
bool is_script_error(const std::string& text) noexcept;

}  // namespace feedline
