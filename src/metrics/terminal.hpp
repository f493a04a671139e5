#pragma once

#include <sys/types.h>

#include <filesystem>

namespace feedline {

/// Whether the stdout of the MPI launcher above process `pid` is a terminal; false when no launcher is found
/// or it may not be looked at. `proc` is where /proc is; tests point it at a folder of their own.
bool launcher_writes_to_terminal(const std::filesystem::path& proc, pid_t pid);

}  // namespace feedline
