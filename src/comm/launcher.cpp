#include <feedline/comm/launcher.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace feedline {
namespace {

namespace fs = std::filesystem;

bool is_set(const char* name) {
  return std::getenv(name) != nullptr;
}

/// Returns the number in the first of these variables that holds a number.
std::optional<int> number(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value == nullptr) continue;
    const std::string_view text(value);
    int result = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
    if (error == std::errc{} && end == text.data() + text.size()) return result;
  }
  return std::nullopt;
}

std::optional<Launch> launch_of(std::optional<int> rank, std::optional<int> size) {
  if (!rank || !size || *rank < 0 || *rank >= *size) return std::nullopt;
  Launch launch;
  launch.under_launcher = true;
  launch.rank = *rank;
  launch.size = *size;
  return launch;
}

/// Returns the number of ranks on this node, or 0 if unknown. mpirun sets it; for srun it is known for steps
/// on one node.
int ranks_here(int size) {
  if (const auto here = number({"OMPI_COMM_WORLD_LOCAL_SIZE"})) return *here;
  return number({"SLURM_STEP_NUM_NODES"}) == 1 ? size : 0;
}

/// Returns the launch by Open MPI's mpirun or by srun --mpi=pmix, which always name a PMIx server.
std::optional<Launch> pmix_launch() {
  if (!is_set("PMIX_RANK")) return std::nullopt;
  auto launch = launch_of(number({"OMPI_COMM_WORLD_RANK", "PMIX_RANK"}),
                          number({"OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"}));
  if (!launch) return std::nullopt;
  launch->here = ranks_here(launch->size);
  if (const char* job = std::getenv("PMIX_NAMESPACE")) launch->job = job;
  return launch;
}

std::optional<Launch> pmi_launch() {
  const auto launch = launch_of(number({"PMI_RANK"}), number({"PMI_SIZE"}));
  return launch && launch->size > 1 ? launch : std::nullopt;
}

void refuse_tasks_without_mpi() {
  const auto task = number({"SLURM_PROCID"});
  // The number of tasks of a step; a job's own script is task 0, however many tasks the job requested.
  const auto tasks = number({"SLURM_STEP_NUM_TASKS"})
                         .value_or(task.value_or(0) > 0 ? number({"SLURM_NTASKS"}).value_or(*task + 1) : 1);
  if (!task || tasks < 2) return;
  throw UsageError(fmt::format(
      "This is task {} of {} Slurm tasks, and there is no MPI between them: each would train everything "
      "by itself. Start them with `srun --mpi=pmix` or with mpirun (launch/slurm/ has job scripts), or "
      "one task only with --ntasks=1. To have each train by itself all the same, unset SLURM_PROCID.",
      *task, tasks));
}

/// Returns the file in which ranks that end early leave word; an empty path if the launcher has no folder for
/// it.
fs::path word_file() {
  const char* folder = std::getenv("PMIX_SERVER_TMPDIR");
  const char* job = std::getenv("PMIX_NAMESPACE");
  if (folder == nullptr || job == nullptr) return {};
  return fs::path(folder) / fmt::format("feedline-word-{}", job);
}

std::string read_all(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Launch detect_launch() {
  if (const auto launch = pmix_launch()) return *launch;
  if (const auto launch = pmi_launch()) return *launch;
  refuse_tasks_without_mpi();
  Launch single;
  for (const char* name :
       {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"}) {
    if (!is_set(name)) continue;
    single.warning = fmt::format(
        "{} is set in the environment, but no launcher has started this: it is left over from another "
        "command, and "
        "ignored.",
        name);
    break;
  }
  return single;
}

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

bool leave_word(ExitCode code, const std::string& message) {
  const fs::path file = word_file();
  if (file.empty()) return true;
  const std::string word = fmt::format("{}\n{}\n", static_cast<int>(code), message);
  const fs::path own = file.string() + fmt::format("-{}", getpid());
  std::ofstream(own) << word;
  std::error_code taken;
  fs::create_hard_link(own, file,
                       taken);  // only the first rank succeeds, and the file is complete from the start
  std::error_code ignored;
  fs::remove(own, ignored);
  return !taken || read_all(file) != word;
}

std::optional<ExitCode> word_left() {
  const fs::path file = word_file();
  if (file.empty()) return std::nullopt;
  std::ifstream in(file);
  int code = 0;
  if (!(in >> code)) return std::nullopt;
  return static_cast<ExitCode>(code);
}

}  // namespace feedline
