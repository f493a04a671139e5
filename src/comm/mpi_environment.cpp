#include <feedline/comm/mpi_environment.hpp>
#include <feedline/common/errors.hpp>

#include <mpi.h>

#include <cstdlib>

namespace feedline {
namespace {

int number(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::atoi(value) : otherwise;
}

bool is_set(const char* name) {
  return std::getenv(name) != nullptr;
}

}  // namespace

Launch detect_launch() {
  if (is_set("OMPI_COMM_WORLD_SIZE"))
    return {true, number("OMPI_COMM_WORLD_RANK", 0), number("OMPI_COMM_WORLD_SIZE", 1)};
  if (is_set("PMIX_RANK"))
    return {true, number("PMIX_RANK", 0), number("SLURM_STEP_NUM_TASKS", number("SLURM_NTASKS", 1))};
  if (is_set("PMI_RANK")) return {true, number("PMI_RANK", 0), number("PMI_SIZE", 1)};
  return {};
}

MpiEnvironment::MpiEnvironment() {
  int provided = 0;
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS) {
    throw InternalError("MPI could not be started.");
  }
  if (provided < MPI_THREAD_SERIALIZED) {
    throw InternalError(
        "This MPI library cannot be used from more than one thread (MPI_THREAD_SERIALIZED is missing).");
  }
}

void MpiEnvironment::finalize() {
  MPI_Finalize();
}

}  // namespace feedline
