#pragma once

#include <feedline/data/open_data.hpp>

#include <string>
#include <vector>

namespace feedline {

/// How decoders are kept in processes of their own.
struct IsolationOptions {
  /// Arguments of this program that have it call `serve_decoders` with the same data.
  std::vector<std::string> server_arguments;
  double sample_timeout = 30;  ///< seconds after which a decoder counts as hung
};

/// The descriptor by which a server is told what to do.
inline constexpr int kDecodeServerFd = 3;

/// Has both sets of `data` loaded by child processes, one for each thread that loads at the same time. What
/// crashes or hangs on a sample is a child: it is killed and replaced within milliseconds, the sample is
/// tried once more, then it is a bad one. The children are forked by a server process that has opened the
/// data and has no threads, no MPI and no CUDA. All end with this process. A sample is decoded in memory that
/// only its child and its thread share, and copied from there: what goes wild in a child spoils no other
/// sample.
///
/// Blocks until the server has opened the data. Throws DataError when it cannot be started.
void isolate(DataSplits& data, const IsolationOptions& options);

/// The server: answers until the other end of kDecodeServerFd is closed. Must be called by a process with one
/// thread.
void serve_decoders(const DataSplits& data);

}  // namespace feedline
