#include <feedline/comm/launcher.hpp>

#include <cstdlib>
#include <fstream>
#include <string_view>

namespace feedline {

bool survives_other_ranks() {
  const char* recovery = std::getenv("OMPI_MCA_orte_enable_recovery");
  return recovery != nullptr && std::string_view(recovery) == "1";
}

bool ends_other_ranks() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr && !survives_other_ranks();
}

void note_exit_code(ExitCode code) {
  const char* path = std::getenv("FEEDLINE_EXIT_CODE_FILE");
  if (path != nullptr) std::ofstream(path) << static_cast<int>(code) << '\n';
}

}  // namespace feedline
