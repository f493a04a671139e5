#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

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
  struct Kind {
    std::uint64_t count = 0;
    std::vector<std::string> first;
  };

  std::map<std::string, Kind> reasons_;
};

}  // namespace feedline
