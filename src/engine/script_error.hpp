#pragma once

#include <string>

namespace feedline {

/// What torch says of an error, as a part of a sentence, without a stop: of an error within a TorchScript
/// module its reason and the line of the script, which torch puts behind and into a traceback of many lines;
/// of others the first line.
std::string explain_torch_error(const std::string& text);

/// Whether the error arose within a TorchScript module.
bool is_script_error(const std::string& text) noexcept;

}  // namespace feedline
