#include "terminal.hpp"

#include <feedline/metrics/progress.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <string>

namespace feedline {
namespace {

namespace fs = std::filesystem;

constexpr int kMostAncestors = 16;

struct Process {
  std::string name;
  pid_t parent = 0;
};

Process read_process(const fs::path& folder) {
  std::ifstream status(folder / "status");
  Process process;
  for (std::string key; status >> key;) {
    if (key == "Name:") status >> process.name;
    if (key == "PPid:") status >> process.parent;
    status.ignore(1 << 16, '\n');
  }
  return process;
}

bool is_launcher(const std::string& name) {
  constexpr std::array launchers = {"mpirun", "mpiexec", "orterun", "orted", "prterun", "prted"};
  return std::any_of(launchers.begin(), launchers.end(), [&](const char* l) { return name.starts_with(l); });
}

}  // namespace

bool launcher_writes_to_terminal(const fs::path& proc, pid_t pid) {
  // A script may stand between the launcher and this program, with the launcher's own terminal as stdout.
  for (int generation = 0; generation < kMostAncestors && pid > 1; ++generation) {
    const fs::path folder = proc / std::to_string(pid);
    const Process process = read_process(folder);
    if (is_launcher(process.name)) {
      std::error_code unreadable;
      const std::string target = fs::read_symlink(folder / "fd" / "1", unreadable).string();
      return target.starts_with("/dev/pts/") || target.starts_with("/dev/tty") || target == "/dev/console";
    }
    pid = process.parent;
  }
  return false;
}

bool output_is_terminal() {
  if (std::getenv("OMPI_COMM_WORLD_RANK") != nullptr)
    return launcher_writes_to_terminal("/proc", ::getppid());
  return ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace feedline
