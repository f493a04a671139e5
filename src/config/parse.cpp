#include "flags.hpp"
#include "help.hpp"
#include "not_there_yet.hpp"
#include "read_options.hpp"
#include "sources.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace feedline {
namespace {

/// Removes the command's name from the front, when there is one.
void take_command(std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front().starts_with("-")) return;
  const std::string word = arguments.front();
  if (word == "probe" || word == "preview" || word == "check") {
    throw UsageError("feedline " + word + " is not there yet: so far there is `feedline train`.");
  }
  if (word != "train") {
    const std::vector<std::string> commands = {"train", "probe", "preview", "check"};
    const std::string near = config::did_you_mean(word, commands);
    throw UsageError("Unknown command '" + word + "'" +
                     (near.empty() ? ". `feedline --help` lists them." : near));
  }
  arguments.erase(arguments.begin());
}

bool asks_for(const std::vector<std::string>& arguments, const char* flag) {
  return std::find(arguments.begin(), arguments.end(), flag) != arguments.end();
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  take_command(arguments);
  if (asks_for(arguments, "--help") || asks_for(arguments, "-h")) return PrintCommand{config::help_text()};
  if (asks_for(arguments, "--version")) return PrintCommand{config::version_text() + "\n"};
  config::FlagValues values = config::read_command_line(arguments);
  if (const auto* file = values.find("config")) values.add_missing(config::read_config_file(file->text));
  Options options = config::read_options(values);
  config::refuse_not_there_yet(values);
  config::check_together(values);
  return TrainCommand{options};
}

}  // namespace feedline
