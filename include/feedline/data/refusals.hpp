#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace feedline {

/// Samples that cannot be used, by reason.
class Refusals {
 public:
  void add(const std::string& reason, const std::string& path);

  bool empty() const noexcept { return reasons_.empty(); }

  /// A line for each reason: how many samples, and the first three of them. Names are as `printable` writes
  /// them.
  std::string text() const;

 private:
  struct Kind {
    std::uint64_t count = 0;
    std::vector<std::string> first;
  };

  std::map<std::string, Kind> reasons_;
};

}  // namespace feedline
