#pragma once

#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace feedline {

inline Command parse(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"feedline"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return parse_command_line(static_cast<int>(argv.size()), argv.data());
}

/// The options of these flags, with data named so that nothing is missing.
inline Options options_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--train-data", "/data"});
  return std::get<TrainCommand>(parse(arguments)).options;
}

/// The message that the arguments, taken as they are, are refused with; checks the exit code. Empty:
/// accepted.
inline std::string refusal(const std::vector<std::string>& arguments) {
  try {
    parse(arguments);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  return "";
}

}  // namespace feedline
