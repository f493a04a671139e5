#pragma once

namespace feedline {

/// MPI_Init and MPI_Finalize as an object. One thread at a time calls MPI (MPI_THREAD_SERIALIZED).
class MpiEnvironment {
 public:
  /// Throws InternalError when MPI cannot give that thread level. Blocks until all ranks are here: for good
  /// when one is gone, if nobody looks after it (`StartWatch`).
  MpiEnvironment();
  MpiEnvironment(const MpiEnvironment&) = delete;
  MpiEnvironment& operator=(const MpiEnvironment&) = delete;

  /// Without `finalize` before it, leaves MPI as it is: after an error finalizing could wait for a dead rank.
  ~MpiEnvironment() = default;

  /// Blocks until all ranks are here.
  void finalize();
};

}  // namespace feedline
