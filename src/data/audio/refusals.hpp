#pragma once

#include "recording_list.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// Recordings that cannot be used, by reason.
class Refusals {
 public:
  void add(const std::string& reason, std::string path);

  bool empty() const noexcept { return reasons_.empty(); }

  /// A line a reason: how many recordings, and the first of them.
  std::string text() const;

 private:
  struct Kind {
    std::uint64_t count = 0;
    std::vector<std::string> first;
  };

  std::map<std::string, Kind> reasons_;
};

/// Why these recordings cannot be decoded; of many, the first few hundred are tried.
Refusals why_not_decoded(const RecordingList& recordings, std::span<const std::uint64_t> ids);

}  // namespace feedline
