#include "flags.hpp"
#include "sources.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace feedline::config {
namespace {

constexpr std::string_view kSpace = " \t\r";

std::string trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

/// A '#' starts a comment at the line's start or after a space, so that values may hold one.
std::string without_comment(std::string_view line) {
  for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || kSpace.find(line[at - 1]) != std::string_view::npos) return trim(line.substr(0, at));
  }
  return trim(line);
}

const Flag& known_flag(const std::string& name, const std::string& origin) {
  const Flag* flag = find_flag(name);
  if (name == "config" || name == "help" || name == "version") {
    throw UsageError(fmt::format("{}: '{}' belongs on the command line, not in a file.", origin, name));
  }
  if (flag != nullptr) return *flag;
  if (name.starts_with("-")) {
    throw UsageError(fmt::format("{}: '{}': in a file flags are written without dashes.", origin, name));
  }
  std::vector<std::string> names;
  for (const std::string& dashed : dashed_names()) names.push_back(dashed.substr(2));
  const std::string near = did_you_mean(name, names);
  throw UsageError(fmt::format("{}: unknown flag '{}'{}", origin, name,
                               near.empty() ? ". `feedline --help` lists all flags." : near));
}

GivenFlag parse_line(const std::string& line, const std::string& origin) {
  const auto equals = line.find('=');
  const std::string name = trim(line.substr(0, equals));
  const Flag& flag = known_flag(name, origin);
  std::string text = equals == std::string::npos ? "" : trim(line.substr(equals + 1));
  if (flag.is_switch()) {
    if (equals == std::string::npos) text = "true";
    if (text != "true" && text != "false") {
      throw UsageError(
          fmt::format("{}: '{}' is a switch: write '{} = true' or '{} = false'.", origin, line, name, name));
    }
  }
  if (text.empty()) {
    throw UsageError(
        fmt::format("{}: '{}' has no value. Write it as '{} = {}'.", origin, name, name, flag.value));
  }
  return {name, text, origin};
}

/// Editors under Windows begin a file with one. Throws UsageError where it says that the text is no UTF-8.
std::string_view without_byte_order_mark(std::string_view text, const std::filesystem::path& path) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    throw UsageError(
        fmt::format("The file of --config, {}, is UTF-16 text. Save it as UTF-8.", path.string()));
  }
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return text.substr(text.starts_with(kMark) ? kMark.size() : 0);
}

}  // namespace

FlagValues flags_of_config(std::string_view text, const std::filesystem::path& path) {
  text = without_byte_order_mark(text, path);
  FlagValues values;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string content = without_comment(text.substr(0, end));
    if (!content.empty()) values.add(parse_line(content, fmt::format("{}, line {}", path.string(), number)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}

FlagValues given_flags(const Options& options) {
  std::vector<std::string> words;
  FlagValues values = read_command_line(options.arguments, &words);
  if (const auto* file = values.find("config"); file && options.config_text)
    values.add_missing(flags_of_config(*options.config_text, file->text));
  return values;
}

}  // namespace feedline::config
