#include "flags.hpp"
#include "help.hpp"
#include "read_options.hpp"
#include "sources.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace feedline {
namespace {

/// What a run starts itself; no command for people.
constexpr const char* kServeDecoders = "serve-decoders";

/// Removes the command's name from the front; train when there is none.
std::string take_command(std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front().starts_with("-")) return "train";
  const std::string word = arguments.front();
  const std::vector<std::string> commands = {"train", "probe", "preview", "check"};
  if (word != kServeDecoders && std::find(commands.begin(), commands.end(), word) == commands.end()) {
    const std::string near = config::did_you_mean(word, commands);
    throw UsageError("Unknown command '" + word + "'" +
                     (near.empty() ? ". `feedline --help` lists them." : near));
  }
  arguments.erase(arguments.begin());
  // `feedline check DIR` is short for `feedline check --train-data DIR`.
  if (word == "check" && !arguments.empty() && !arguments.front().starts_with("-"))
    arguments.insert(arguments.begin(), "--train-data");
  return word;
}

PreviewCommand preview_command(Options options, const config::FlagValues& values) {
  const auto* output = values.find("output");
  if (output == nullptr) {
    throw UsageError(
        "--output is missing: preview needs a folder to write to, as in `feedline preview --train-data DIR "
        "--output DIR`.");
  }
  const auto* split = values.find("split");
  const bool val = split != nullptr && split->text == "val";
  return {std::move(options), val ? Split::kVal : Split::kTrain, output->text};
}

/// Flags that only preview has.
void refuse_preview_flags(const std::string& command, const config::FlagValues& values) {
  for (const char* flag : {"split", "output"}) {
    if (const auto* given = values.find(flag))
      throw UsageError(given->written() + " is for `feedline preview`, not for `feedline " + command + "`.");
  }
}

bool asks_for(const std::vector<std::string>& arguments, const char* flag) {
  return std::find(arguments.begin(), arguments.end(), flag) != arguments.end();
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  const std::string command = take_command(arguments);
  if (asks_for(arguments, "--help") || asks_for(arguments, "-h")) return PrintCommand{config::help_text()};
  if (asks_for(arguments, "--version")) return PrintCommand{config::version_text() + "\n"};
  config::FlagValues values = config::read_command_line(arguments);
  if (const auto* file = values.find("config")) values.add_missing(config::read_config_file(file->text));
  Options options = config::read_options(values);
  options.arguments = arguments;
  config::check_together(values);
  if (command == "preview") return preview_command(std::move(options), values);
  refuse_preview_flags(command, values);
  if (command == "check") return CheckCommand{std::move(options)};
  if (command == "probe") return ProbeCommand{std::move(options)};
  if (command == kServeDecoders) return ServeDecodersCommand{std::move(options)};
  return TrainCommand{std::move(options)};
}

}  // namespace feedline
