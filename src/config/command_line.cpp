#include "description.hpp"
#include "flags.hpp"
#include "sources.hpp"

#include <feedline/common/errors.hpp>

#include <boost/program_options.hpp>

#include <algorithm>

namespace feedline::config {
namespace {

namespace po = boost::program_options;

[[noreturn]] void throw_unknown_flag(const std::string& token) {
  const std::string name = token.substr(0, token.find('='));
  const std::string near = did_you_mean(name, dashed_names());
  throw UsageError("Unknown flag " + name + (near.empty() ? ". `feedline --help` lists all flags." : near));
}

[[noreturn]] void throw_stray_word(const std::string& word) {
  if (word.size() > 1 && word.front() == '-') throw_unknown_flag(word);
  throw UsageError("'" + word + "' belongs to no flag. Every value follows its flag, as in --epochs 5.");
}

[[noreturn]] void throw_no_value(const std::string& name) {
  const Flag* flag = find_flag(name);
  const std::string value = flag == nullptr ? "value" : flag->value;
  throw UsageError("--" + name + " has no value. Write it as --" + name + " " + value + ".");
}

[[noreturn]] void throw_syntax(const po::invalid_command_line_syntax& error) {
  const std::string dashed = error.get_option_name();
  const std::string name = dashed.substr(std::min(dashed.find_first_not_of('-'), dashed.size()));
  if (error.kind() == po::invalid_command_line_syntax::extra_parameter) {
    throw UsageError("--" + name + " is a switch and takes no value. Write it as --" + name + ".");
  }
  throw_no_value(name);
}

std::vector<po::option> split(const std::vector<std::string>& arguments) {
  namespace style = po::command_line_style;
  const po::options_description description = describe_flags();
  try {
    return po::command_line_parser(arguments)
        .options(description)
        .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next)
        .allow_unregistered()
        .run()
        .options;
  } catch (const po::invalid_command_line_syntax& error) {
    throw_syntax(error);
  } catch (const po::error& error) {
    throw UsageError(std::string("The command line cannot be read: ") + error.what() + ".");
  }
}

GivenFlag to_given(const po::option& option) {
  if (option.string_key.empty()) throw_stray_word(option.value.empty() ? "" : option.value.front());
  if (option.unregistered) throw_unknown_flag(option.original_tokens.front());
  if (option.value.empty()) return {option.string_key, "true"};
  const bool next_token = option.original_tokens.size() > 1;
  const std::string& text = option.value.front();
  // Boost takes the next token whatever it is; here `--lr --epochs 5` lacks a value.
  if (text.empty() || (next_token && text.starts_with("--"))) throw_no_value(option.string_key);
  return {option.string_key, text};
}

}  // namespace

FlagValues read_command_line(const std::vector<std::string>& arguments, std::vector<std::string>* words) {
  FlagValues values;
  for (const po::option& option : split(arguments)) {
    if (words != nullptr && option.string_key.empty() && !option.value.front().starts_with("--")) {
      words->insert(words->end(), option.value.begin(), option.value.end());
    } else {
      values.add(to_given(option));
    }
  }
  return values;
}

}  // namespace feedline::config
