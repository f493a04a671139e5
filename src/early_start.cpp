// What must be done before the libraries are set up: under torch that takes a third of a second, in which a
// request to stop would end the process without a word.

#include <alloca.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstring>
#include <initializer_list>

namespace {

constexpr int kUsage = 2;  ///< as in ExitCode

/// 10 to 100 us, longer than most gaps between two loops.
char spin_count[] = "GOMP_SPINCOUNT=2000";

/// Files that are opened later must not get the numbers of stdin, stdout and stderr where those are closed:
/// what is printed would be written into them.
void open_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", O_RDWR);
  }
}

/// Not of common/stop.hpp: its library may not be used yet.
void hold_stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGUSR1, SIGINT, SIGHUP}) sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

/// What the libraries take while they are set up, some 60 MB under torch, and a little more: when they cannot
/// have it they end the process by an exception that nobody can catch.
constexpr rlim_t kBytesToStart = 96 << 20;

/// Field `index` of /proc/self/statm, in bytes; see proc(5). 0 when it cannot be read.
rlim_t memory_used(int index) {
  char text[256] = {};
  const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  const ssize_t length = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
  if (fd >= 0) close(fd);
  rlim_t pages = 0;
  for (ssize_t i = 0; i < length && index >= 0; ++i) {
    if (text[i] == ' ') {
      --index;
    } else if (index == 0 && text[i] >= '0' && text[i] <= '9') {
      pages = pages * 10 + static_cast<rlim_t>(text[i] - '0');
    }
  }
  return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

void refuse_too_little(int resource, const char* name, int field) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return;
  const rlim_t used = memory_used(field);
  if (limit.rlim_cur >= used + kBytesToStart) return;
  dprintf(STDERR_FILENO,
          "feedline: error: %s is %llu KiB: too little for the libraries to start. Raise it.\n", name,
          static_cast<unsigned long long>(limit.rlim_cur >> 10));
  _exit(kUsage);
}

bool starts_with(const char* text, const char* beginning) {
  return std::strncmp(text, beginning, std::strlen(beginning)) == 0;
}

/// Starts this program anew, once, with a limit on how long OpenMP threads spin before they sleep. libgomp,
/// under torch, spins for milliseconds by default, on cores that data workers or another rank may need:
/// training with two threads then runs at a tenth of its speed. It reads the limit from the environment when
/// it is loaded, hence the new start. What the user has set stays. When it fails, that only costs speed.
void limit_openmp_spinning(char** argv, char** environment) {
  std::size_t count = 0;
  for (; environment[count] != nullptr; ++count) {
    if (starts_with(environment[count], "GOMP_SPINCOUNT=") ||
        starts_with(environment[count], "OMP_WAIT_POLICY="))
      return;
  }
  char path[PATH_MAX] = {};
  if (readlink("/proc/self/exe", path, sizeof path - 1) <= 0) return;
  auto** longer = static_cast<char**>(alloca((count + 2) * sizeof(char*)));
  std::memcpy(longer, environment, count * sizeof(char*));
  longer[count] = spin_count;
  longer[count + 1] = nullptr;
  execve(path, argv, longer);
}

void start_early(int, char** argv, char** environment) {
  open_standard_streams();
  hold_stop_signals();
  refuse_too_little(RLIMIT_AS, "RLIMIT_AS (ulimit -v)", 0);
  refuse_too_little(RLIMIT_DATA, "RLIMIT_DATA (ulimit -d)", 5);
  limit_openmp_spinning(argv, environment);
}

/// Run by the dynamic loader before the constructors of all libraries (System V ABI, DT_PREINIT_ARRAY).
[[gnu::section(".preinit_array"), gnu::used]] void (*const start_first)(int, char**, char**) = start_early;

}  // namespace
