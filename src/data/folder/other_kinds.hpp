#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// Entries of other kinds than the requested one: files are grouped by the ending of their names. For each
/// kind there is the number and the first of them.
class OtherKinds {
 public:
  struct Files {
    std::uint64_t count = 0;
    std::vector<std::string> first;  ///< At most `kNamed` paths, sorted bytewise
  };

  static constexpr std::size_t kNamed = 3;
  /// Largest number of endings; further ones count as "", since a name may end in anything
  static constexpr std::size_t kMostKinds = 100;

  void add(const std::string& path);

  /// Adds an entry that is no file: `what` stands in place of an ending and must not begin with a dot.
  void add(const std::string& path, const std::string& what);

  void add(const OtherKinds& other);

  bool empty() const noexcept { return kinds_.empty(); }

  /// Returns only the files with one of these endings, which are in small letters.
  OtherKinds only(std::span<const std::string_view> endings) const;

  /// Returns a text such as "12 .m4a (no/1.m4a, no/2.m4a, no/3.m4a, ...), 1 without an ending (README)".
  /// Names that hold control characters are quoted. The text is empty when there are no files.
  std::string text() const;

  /// Returns the first path of all; there must be one.
  const std::string& first() const noexcept { return kinds_.begin()->second.first.front(); }

 private:
  void take(const std::string& ending, const Files& files);

  std::map<std::string, Files> kinds_;  ///< Entries by ending in small letters, or by the name of their kind
};

}  // namespace feedline
