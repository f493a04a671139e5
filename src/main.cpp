#include "openmp_spin.hpp"

#include <feedline/comm/launcher.hpp>
#include <feedline/comm/mpi_environment.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/config/options.hpp>
#include <feedline/runner/run.hpp>

#include <cstdio>
#include <variant>

namespace {

void refuse_ranks(const feedline::Launch& launch) {
  if (launch.size > 1)
    throw feedline::UsageError("Only `feedline train` runs with several ranks. Start this without mpirun.");
}

feedline::ExitCode run(int argc, char** argv, const feedline::Launch& launch) {
  using namespace feedline;
  const Command command = parse_command_line(argc, argv);
  if (const auto* train = std::get_if<TrainCommand>(&command)) {
    limit_openmp_spinning(argv);
    return run_train(train->options, launch);
  }
  if (const auto* print = std::get_if<PrintCommand>(&command)) {
    if (launch.rank == 0) std::fputs(print->text.c_str(), stdout);
    return ExitCode::kDone;
  }
  if (const auto* serve = std::get_if<ServeDecodersCommand>(&command)) return run_decode_server(*serve);
  refuse_ranks(launch);
  if (const auto* check = std::get_if<CheckCommand>(&command)) return run_check(*check);
  if (const auto* preview = std::get_if<PreviewCommand>(&command)) return run_preview(*preview);
  limit_openmp_spinning(argv);
  return run_probe(std::get<ProbeCommand>(command));
}

}  // namespace

int main(int argc, char** argv) {
  using namespace feedline;
  const Launch launch = detect_launch();
  ExitCode code = ExitCode::kDone;
  try {
    code = run(argc, argv, launch);
  } catch (
      const Error& error) {  // bad usage, found before anything is started: all ranks see it, one says it
    if (launch.rank == 0) log_error(error.what());
    code = error.code();
  }
  note_exit_code(code);
  return static_cast<int>(code);
}
