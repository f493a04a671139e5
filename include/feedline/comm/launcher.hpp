#pragma once

#include <feedline/common/errors.hpp>

#include <optional>
#include <string>

namespace feedline {

/// What the launcher says of this process before MPI is started, from its environment variables.
struct Launch {
  bool under_launcher = false;  ///< started by mpirun or srun with PMI
  int rank = 0;
  int size = 1;
  int here = 0;         ///< ranks on this node, 0: it does not say
  std::string job;      ///< its name (PMIX_NAMESPACE), the same for all ranks; empty: it has none
  std::string warning;  ///< of variables that are there, but of no launcher
};

/// Throws UsageError for one of several Slurm tasks between which there is no MPI: each would train
/// everything.
Launch detect_launch();

/// Whether the launcher lets this rank live on when another dies: mpirun with --enable-recovery. (It then
/// returns 0 whatever the ranks return.)
bool survives_other_ranks();

/// Whether the launcher, when this rank ends with an error, ends the others too: mpirun without
/// --enable-recovery.
bool ends_other_ranks();

/// For launchers that do not pass exit codes on: the code goes to the file that the variable
/// FEEDLINE_EXIT_CODE_FILE names, if it is set. Without a code in it, no rank came to its end.
void note_exit_code(ExitCode code);

/// Leaves word, in the job's own folder on this node, that a rank ends with that error where MPI cannot tell
/// the others: it is not there yet, or the thread that calls it does not come back. Returns whether it is
/// news: false when a rank of this node has left just that already.
bool leave_word(ExitCode code, const std::string& message);

/// The code of the word that was left.
std::optional<ExitCode> word_left();

}  // namespace feedline
