#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// What is not of the kind that is looked for, files by the endings of their names: how many, and the first.
class OtherKinds {
 public:
  struct Files {
    std::uint64_t count = 0;
    std::vector<std::string> first;  ///< paths, bytewise sorted, at most `kNamed`
  };

  static constexpr std::size_t kNamed = 3;
  static constexpr std::size_t kMostKinds = 100;  ///< endings beyond count as "": a name may end in anything

  void add(const std::string& path);

  /// Of what is no file: `what` it is stands in place of an ending, and must not begin with a dot.
  void add(const std::string& path, const std::string& what);

  void add(const OtherKinds& other);

  bool empty() const noexcept { return kinds_.empty(); }

  /// Only those with one of these endings, which are in small letters.
  OtherKinds only(std::span<const std::string_view> endings) const;

  /// "12 .m4a (no/1.m4a, no/2.m4a, no/3.m4a, ...), 1 without an ending (README)"; names are quoted where they
  /// hold control characters. Empty: none.
  std::string text() const;

  /// The first path of all; there must be one.
  const std::string& first() const noexcept { return kinds_.begin()->second.first.front(); }

 private:
  void take(const std::string& ending, const Files& files);

  std::map<std::string, Files> kinds_;  ///< by ending, in small letters
};

}  // namespace feedline
