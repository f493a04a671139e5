#include "flag_values.hpp"

#include "flags.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <utility>

namespace feedline::config {

std::string GivenFlag::written() const {
  const Flag* flag = find_flag(name);
  const std::string bare = flag != nullptr && flag->is_switch() ? "--" + name : "--" + name + " " + text;
  return origin.empty() ? bare : fmt::format("{} ({})", bare, origin);
}

void FlagValues::add(GivenFlag given) {
  const auto [at, added] = flags_.try_emplace(given.name, given);
  if (!added) {
    throw UsageError(fmt::format("--{} is given twice: first as {}, then as {}. Give it once.", given.name,
                                 at->second.written(), given.written()));
  }
}

void FlagValues::add_missing(const FlagValues& other) {
  flags_.insert(other.flags_.begin(), other.flags_.end());
}

const GivenFlag* FlagValues::find(std::string_view name) const {
  const auto at = flags_.find(name);
  return at == flags_.end() ? nullptr : &at->second;
}

}  // namespace feedline::config
