#include "openmp_spin.hpp"

#include <unistd.h>

#include <climits>
#include <cstdlib>

namespace feedline {

void limit_openmp_spinning(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
  setenv("GOMP_SPINCOUNT", "2000", 1);  // 10 to 100 us, longer than most gaps between two loops
  char path[PATH_MAX] = {};
  if (readlink("/proc/self/exe", path, sizeof path - 1) > 0) execv(path, argv);
}

}  // namespace feedline
