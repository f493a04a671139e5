#pragma once

namespace feedline {

/// MPI_Init and MPI_Finalize as an object. One thread at a time may call MPI (MPI_THREAD_SERIALIZED).
class MpiEnvironment {
 public:
  /// Starts MPI. Throws InternalError when MPI cannot provide that thread level. Blocks until all ranks are
  /// here, and indefinitely when one is gone, unless a `StartWatch` ends the process.
  MpiEnvironment();
  MpiEnvironment(const MpiEnvironment&) = delete;
  MpiEnvironment& operator=(const MpiEnvironment&) = delete;

  /// Does not finalize MPI, since after an error `finalize` could wait for a dead rank.
  ~MpiEnvironment() = default;

  /// Finalizes MPI. Blocks until all ranks are here.
  void finalize();
};

}  // namespace feedline
