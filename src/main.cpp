#include "openmp_spin.hpp"

#include <feedline/comm/mpi_environment.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/config/options.hpp>
#include <feedline/runner/run.hpp>

#include <cstdio>
#include <variant>

int main(int argc, char** argv) {
  using namespace feedline;
  const Launch launch = detect_launch();
  try {
    const Command command = parse_command_line(argc, argv);
    if (const auto* train = std::get_if<TrainCommand>(&command)) {
      limit_openmp_spinning(argv);
      return static_cast<int>(run_train(train->options, launch));
    }
    if (launch.rank == 0) std::fputs(std::get<PrintCommand>(command).text.c_str(), stdout);
    return static_cast<int>(ExitCode::kDone);
  } catch (
      const Error& error) {  // bad usage, found before anything is started: all ranks see it, one says it
    if (launch.rank == 0) log_error(error.what());
    return static_cast<int>(error.code());
  }
}
