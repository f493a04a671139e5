#pragma once

#include "flag_values.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace feedline::config {

/// A flag whose work, or the work of some of its values, this version does not do.
struct NotThereYet {
  std::string flag;                  ///< without dashes
  std::vector<std::string> working;  ///< the values that do work; empty: none does
  std::string instead;               ///< why it is not missed, or what to do instead
};

/// The only place that says what is still to come: parsing refuses by it, and the help marks by it.
std::span<const NotThereYet> not_there_yet();

/// Throws UsageError for the first flag that asks for what is not there.
void refuse_not_there_yet(const FlagValues& values);

/// " [not yet]" or " [not yet: encoded, decoded]" for the help; empty when all of the flag works.
std::string not_yet_mark(const std::string& flag);

}  // namespace feedline::config
