#pragma once

namespace feedline {

/// What the launcher says of this process before MPI is started, from its environment variables.
struct Launch {
  bool under_launcher = false;  ///< started by mpirun or srun with PMI
  int rank = 0;
  int size = 1;
};

Launch detect_launch();

/// MPI_Init and MPI_Finalize as an object. One thread at a time calls MPI (MPI_THREAD_SERIALIZED).
class MpiEnvironment {
 public:
  /// Throws InternalError when MPI cannot give that thread level.
  MpiEnvironment();
  MpiEnvironment(const MpiEnvironment&) = delete;
  MpiEnvironment& operator=(const MpiEnvironment&) = delete;

  /// Without `finalize` before it, leaves MPI as it is: after an error finalizing could wait for a dead rank.
  ~MpiEnvironment() = default;

  /// Blocks until all ranks are here.
  void finalize();
};

}  // namespace feedline
