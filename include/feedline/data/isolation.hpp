#pragma once

#include <feedline/data/open_data.hpp>

#include <string>
#include <vector>

namespace feedline {

/// Settings for decoders in processes of their own.
struct IsolationOptions {
  /// Arguments that make this program call `serve_decoders` with the same data.
  std::vector<std::string> server_arguments;
  double sample_timeout = 30;  ///< Seconds after which a decoder counts as hung
};

/// The descriptor on which a server receives its requests.
inline constexpr int kDecodeServerFd = 3;

/// Has both sets of `data` loaded by child processes, one per loading thread. Only a child crashes or hangs
/// on a sample: it is killed and replaced within milliseconds, and the sample is tried once more before it
/// counts as bad. The children are forked by a server process that has opened the data and has no threads, no
/// MPI and no CUDA. All of them end with this process. A sample is decoded in memory that only its child and
/// its thread share, and copied from there: a stray write in a child damages no other sample.
///
/// Blocks until the server has opened the data. Throws DataError when the server cannot be started.
void isolate(DataSplits& data, const IsolationOptions& options);

/// Runs the server: answers requests until the other end of kDecodeServerFd is closed. Must be called by a
/// process with one thread.
void serve_decoders(const DataSplits& data);

}  // namespace feedline
