#include "flags.hpp"
#include "help.hpp"
#include "parse_value.hpp"
#include "read_options.hpp"
#include "sources.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace feedline {
namespace {

/// What a run starts itself; no command for people.
constexpr const char* kServeDecoders = "serve-decoders";

/// What other programs start.
constexpr const char* kServe = "serve";

/// Removes the command's name from the front; train when there is none.
std::string take_command(std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front().starts_with("-")) return "train";
  const std::string word = arguments.front();
  const std::vector<std::string> commands = {"train", "probe", "preview", "check", "evaluate", "predict"};
  if (word != kServeDecoders && word != kServe &&
      std::find(commands.begin(), commands.end(), word) == commands.end()) {
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

/// Commands that use a checkpoint, and neither write one nor report a run.
void check_use_of_checkpoint(const std::string& command, const config::FlagValues& values) {
  const auto* resume = values.find("resume");
  if (resume == nullptr || resume->text == "none")
    throw UsageError(
        fmt::format("--resume is missing: {0} needs a checkpoint, or a folder of checkpoints, as in "
                    "`feedline {0} --resume "
                    "DIR`.",
                    command));
  for (const char* flag : {"summary", "trace", "history"}) {
    if (const auto* given = values.find(flag))
      throw UsageError(fmt::format("{} is for `feedline train`; {} prints its results on stdout.",
                                   given->written(), command));
  }
}

Command use_of_checkpoint(const std::string& command, Options options,
                          const std::vector<std::string>& words) {
  if (command == "evaluate") {
    // `feedline evaluate DIR` is short for `feedline evaluate --val-data DIR`.
    if (words.size() > 1 || (!words.empty() && options.data.val_data))
      throw UsageError(
          "evaluate takes one folder of labelled data, as in `feedline evaluate DIR --resume DIR`.");
    if (!words.empty()) options.data.val_data = words.front();
    return EvaluateCommand{std::move(options)};
  }
  if (words.empty())
    throw UsageError(
        "predict needs files, or folders of files, as in `feedline predict --resume DIR a.jpg`.");
  return PredictCommand{std::move(options), {words.begin(), words.end()}};
}

/// The processes that decode are started with the same flags, and what a pipe held is gone by then.
void refuse_pipe_for_decoders(const config::GivenFlag& file, const config::FlagValues& values) {
  const auto* isolate = values.find("isolate-decoders");
  std::error_code ignored;
  if (isolate == nullptr || isolate->text != "true" || std::filesystem::is_regular_file(file.text, ignored))
    return;
  throw UsageError(fmt::format(
      "{} is a pipe, which can be read once, and the processes of --isolate-decoders read it as well. Give a "
      "file.",
      file.written()));
}

/// Removes `--socket-fd N`, which is no flag for people, from the arguments of `serve`.
int take_socket(std::vector<std::string>& arguments) {
  const auto flag = std::find(arguments.begin(), arguments.end(), "--socket-fd");
  if (flag == arguments.end() || flag + 1 == arguments.end())
    throw UsageError(
        "--socket-fd is missing: `feedline serve` is started by the Python module, which talks to it over "
        "that "
        "socket.");
  const auto socket =
      config::parse_whole<int>({"socket-fd", *(flag + 1)}, 0, std::numeric_limits<int>::max());
  arguments.erase(flag, flag + 2);
  return socket;
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
  if (command == kServe) {
    const int socket = take_socket(arguments);
    return ServeCommand{socket, std::move(arguments)};
  }
  const bool uses_checkpoint = command == "evaluate" || command == "predict";
  std::vector<std::string> words;
  config::FlagValues values = config::read_command_line(arguments, uses_checkpoint ? &words : nullptr);
  std::optional<std::string> config_text;
  if (const auto* file = values.find("config")) {
    config_text = config::read_config_text(file->text);
    values.add_missing(config::flags_of_config(*config_text, file->text));
    refuse_pipe_for_decoders(*file, values);
  }
  Options options = config::read_options(values);
  options.arguments = arguments;
  options.config_text = std::move(config_text);
  config::check_together(values, !uses_checkpoint);
  if (command == "preview") return preview_command(std::move(options), values);
  refuse_preview_flags(command, values);
  if (uses_checkpoint) {
    check_use_of_checkpoint(command, values);
    return use_of_checkpoint(command, std::move(options), words);
  }
  if (command == "check") return CheckCommand{std::move(options)};
  if (command == "probe") return ProbeCommand{std::move(options)};
  if (command == kServeDecoders) return ServeDecodersCommand{std::move(options)};
  return TrainCommand{std::move(options)};
}

Options parse_options(const std::vector<std::string>& arguments) {
  config::FlagValues values = config::read_command_line(arguments, nullptr);
  Options options = config::read_options(values);
  options.arguments = arguments;
  config::check_together(values, true);
  return options;
}

Options with_defaults(const Options& given, const std::map<std::string, std::string>& defaults) {
  config::FlagValues values = config::given_flags(given), more;
  for (const auto& [flag, value] : defaults)
    if (value != config::kUnset) more.add({flag.substr(2), value, "the checkpoint"});
  values.add_missing(more);
  Options options = config::read_options(values);
  options.arguments = given.arguments;
  options.config_text = given.config_text;
  return options;
}

}  // namespace feedline
