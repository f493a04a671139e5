#include "not_there_yet.hpp"

#include "flags.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace feedline::config {
namespace {

bool works(const NotThereYet& entry, const std::string& value) {
  return std::find(entry.working.begin(), entry.working.end(), value) != entry.working.end();
}

}  // namespace

std::span<const NotThereYet> not_there_yet() {
  static const std::vector<NotThereYet> entries = {
      {"data-ranks",
       {"1"},
       "one rank prepares the data and one trains. Use --data-ranks 1 and `mpirun -np 2`."},
  };
  return entries;
}

void refuse_not_there_yet(const FlagValues& values) {
  for (const NotThereYet& entry : not_there_yet()) {
    const GivenFlag* given = values.find(entry.flag);
    if (given == nullptr || works(entry, given->text)) continue;
    throw UsageError(fmt::format("{} is not there yet: {}", given->written(), entry.instead));
  }
}

std::string not_yet_mark(const std::string& flag) {
  for (const NotThereYet& entry : not_there_yet()) {
    if (entry.flag != flag) continue;
    std::vector<std::string> missing;
    for (const std::string& choice : find_flag(flag)->choices) {
      if (!works(entry, choice)) missing.push_back(choice);
    }
    if (!missing.empty()) return fmt::format(" [not yet: {}]", comma_list(missing));
    if (entry.working.empty() || find_flag(flag)->is_switch()) return " [not yet]";
    return fmt::format(" [so far only {}]", comma_list(entry.working));
  }
  return "";
}

}  // namespace feedline::config
