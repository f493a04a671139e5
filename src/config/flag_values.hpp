#pragma once

#include <map>
#include <string>
#include <string_view>

namespace feedline::config {

/// The value of a flag as the user wrote it. A switch that is on has the text "true".
struct GivenFlag {
  std::string name;  ///< Name without dashes
  std::string text;
  std::string origin{};  ///< Origin, such as "run.conf, line 3"; empty: the command line

  /// Returns "--lr 0.1", with the origin in brackets when it is a file.
  std::string written() const;
};

/// The flags that were given, by name.
class FlagValues {
 public:
  /// Adds a flag. Throws UsageError when the flag is already there.
  void add(GivenFlag given);

  /// Adds the flags of `other` that are not here yet.
  void add_missing(const FlagValues& other);

  /// Returns the flag of that name, or null when it was not given.
  const GivenFlag* find(std::string_view name) const;

 private:
  std::map<std::string, GivenFlag, std::less<>> flags_;
};

}  // namespace feedline::config
