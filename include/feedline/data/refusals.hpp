#pragma once

#include <feedline/data/first_names.hpp>

#include <map>
#include <string>

namespace feedline {

/// Bad samples by reason.
class Refusals {
 public:
  void add(const std::string& reason, const std::string& path);

  bool empty() const noexcept { return reasons_.empty(); }

  /// One line per reason: the number of samples, and the first three of them. Names are written by
  /// `printable`.
  std::string text() const;

 private:
  std::map<std::string, FirstNames> reasons_;  ///< Names of the samples, by reason
};

}  // namespace feedline
