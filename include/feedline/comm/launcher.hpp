#pragma once

#include <feedline/common/errors.hpp>

#include <optional>
#include <string>

namespace feedline {

/// Facts about this process before MPI starts, from the launcher's environment variables.
struct Launch {
  bool under_launcher = false;  ///< Whether mpirun or srun with PMI started the process
  int rank = 0;
  int size = 1;
  int here = 0;         ///< Ranks on this node, 0 where unknown
  std::string job;      ///< Job name (PMIX_NAMESPACE), the same for all ranks; empty where unknown
  std::string warning;  ///< Warning about launcher variables in a process without a launcher; may be empty
};

/// Reads the environment variables. Throws UsageError when this is one of several Slurm tasks without MPI
/// between them, since each would train everything.
Launch detect_launch();

/// Returns whether the launcher keeps this rank alive when another one dies: mpirun with --enable-recovery.
/// (mpirun then returns 0 whatever the ranks return.)
bool survives_other_ranks();

/// Returns whether the launcher ends the other ranks when this one ends with an error: mpirun without
/// --enable-recovery.
bool ends_other_ranks();

/// Writes the code to the file named by the variable FEEDLINE_EXIT_CODE_FILE, if it is set, for launchers
/// that do not pass on exit codes. A file without a code means that no rank came to its end.
void note_exit_code(ExitCode code);

/// Records in the job's folder on this node that this rank ends with that error, for cases in which MPI
/// cannot report it to the others: MPI is not up yet, or the thread that calls MPI does not return. Returns
/// false when a rank of this node has already recorded the same code and message.
bool leave_word(ExitCode code, const std::string& message);

/// Returns the code that `leave_word` has recorded, or std::nullopt when there is none.
std::optional<ExitCode> word_left();

}  // namespace feedline
