#include <feedline/comm/launcher.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/common/thread_limits.hpp>
#include <feedline/config/options.hpp>
#include <feedline/runner/commands.hpp>
#include <feedline/serve/serve.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <variant>

namespace {

using namespace feedline;

void refuse_ranks(const Launch& launch) {
  if (launch.size > 1)
    throw UsageError("Only `feedline train` runs with several ranks. Start this without mpirun.");
}

/// Commands whose results are their output: output that is lost is a failure. `train` goes on without a
/// reader.
ExitCode check_output(ExitCode code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  log_error(
      "The output cannot be written to stdout, so it is not whole. Check the disk, or the file that stdout "
      "is "
      "redirected to.");
  return code == ExitCode::kDone ? ExitCode::kInternal : code;
}

ExitCode run_with_output(const Command& command, const Launch& launch) {
  if (const auto* print = std::get_if<PrintCommand>(&command)) {
    if (launch.rank == 0) std::fputs(print->text.c_str(), stdout);
    return ExitCode::kDone;
  }
  refuse_ranks(launch);
  if (const auto* check = std::get_if<CheckCommand>(&command)) return run_check(*check);
  if (const auto* evaluate = std::get_if<EvaluateCommand>(&command)) return run_evaluate(*evaluate);
  if (const auto* predict = std::get_if<PredictCommand>(&command)) return run_predict(*predict);
  if (const auto* preview = std::get_if<PreviewCommand>(&command)) return run_preview(*preview);
  return run_probe(std::get<ProbeCommand>(command));
}

ExitCode run(int argc, char** argv, const Launch& launch) {
  const Command command = parse_command_line(argc, argv);
  if (const auto* train = std::get_if<TrainCommand>(&command)) return run_train(train->options, launch);
  release_stop_signals();  // these are ended by them
  if (const auto* serve = std::get_if<ServeDecodersCommand>(&command)) return run_decode_server(*serve);
  if (const auto* serve = std::get_if<ServeCommand>(&command)) return run_serve(*serve);
  return check_output(run_with_output(command, launch));
}

/// What was found before anything was started: often by all ranks, and told by one.
ExitCode fail(ExitCode code, const std::string& message) {
  if (leave_word(code, message)) code == ExitCode::kStopped ? log_info(message) : log_error(message);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  ExitCode code = ExitCode::kDone;
  try {
    const Launch launch = detect_launch();
    if (launch.size > 1) set_log_name(fmt::format("rank {}", launch.rank));
    code = run(argc, argv, launch);
  } catch (const Error& error) {
    code = fail(error.code(), error.what());
  } catch (const std::exception& error) {
    const auto limit = limit_reached(error);
    code = fail(limit ? limit->code() : ExitCode::kInternal, limit ? limit->what() : error.what());
  }
  note_exit_code(code);
  return static_cast<int>(code);
}
