#pragma once

#include <feedline/common/errors.hpp>

namespace feedline {

/// Whether the launcher lets this rank live on when another dies: mpirun with --enable-recovery. (It then
/// returns 0 whatever the ranks return.)
bool survives_other_ranks();

/// Whether the launcher, when this rank ends with an error, ends the others too: mpirun without
/// --enable-recovery.
bool ends_other_ranks();

/// For launchers that do not pass exit codes on: the code goes to the file that the variable
/// FEEDLINE_EXIT_CODE_FILE names, if it is set. Without a code in it, no rank came to its end.
void note_exit_code(ExitCode code);

}  // namespace feedline
