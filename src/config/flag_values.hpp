#pragma once

#include <map>
#include <string>
#include <string_view>

namespace feedline::config {

/// A flag's value as the user wrote it. A switch that is on has the text "true".
struct GivenFlag {
  std::string name;  ///< without dashes
  std::string text;
  std::string origin{};  ///< "run.conf, line 3"; empty: the command line

  /// "--lr 0.1", with the origin in brackets when it is a file.
  std::string written() const;
};

/// The flags that were given, by name.
class FlagValues {
 public:
  /// Throws UsageError when the flag is already there.
  void add(GivenFlag given);

  /// Takes those of `other` that are not here yet.
  void add_missing(const FlagValues& other);

  /// Null when it was not given.
  const GivenFlag* find(std::string_view name) const;

 private:
  std::map<std::string, GivenFlag, std::less<>> flags_;
};

}  // namespace feedline::config
