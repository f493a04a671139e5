#pragma once

#include <sys/types.h>

#include <filesystem>

namespace feedline {

/// Returns whether the stdout of the MPI launcher above process `pid` is a terminal; false when no launcher
/// is found or inspecting it is not permitted. `proc` is the folder /proc; tests point it at one of their
/// own.
bool launcher_writes_to_terminal(const std::filesystem::path& proc, pid_t pid);

}  // namespace feedline
