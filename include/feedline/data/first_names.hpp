#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// Names for a message: how many there are, and the first three of them.
class FirstNames {
 public:
  void add(std::string name) {
    if (count_++ < kNamed) first_.push_back(std::move(name));
  }

  std::uint64_t count() const noexcept { return count_; }

  /// "a, b, c, ...".
  std::string text() const;

 private:
  static constexpr std::size_t kNamed = 3;

  std::uint64_t count_ = 0;
  std::vector<std::string> first_;
};

}  // namespace feedline
