#include <feedline/comm/mpi_environment.hpp>
#include <feedline/common/errors.hpp>

#include <mpi.h>

namespace feedline {

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
