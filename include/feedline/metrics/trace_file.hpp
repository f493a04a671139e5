#pragma once

#include <feedline/metrics/trace.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace feedline {

/// How a process is shown.
struct TraceProcess {
  int pid = 0;  ///< its rank
  std::string name;
};

/// From a process's clock to the file's: the time in the file is its time + `offset` - `origin`, in
/// nanoseconds.
struct TraceClock {
  std::int64_t offset = 0;
  std::int64_t origin = 0;
};

/// What one process did, as events of the trace-event format that Perfetto reads, with commas between them.
/// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
/// Times are rounded down to 1/8 us, which a double holds exactly, so that a span that lies in another one
/// still does when they are read.
std::string trace_events(const Trace& trace, const TraceProcess& process, const TraceClock& clock);

/// The same of a process that did not tell: its name, and why.
std::string missing_trace(const TraceProcess& process, const std::string& why);

/// Whether `write_trace` can write there, to be known before a long run. Throws UsageError naming the path.
void check_trace_path(const std::filesystem::path& path);

/// Writes one file of the events of all processes, and of facts by name. Like `write_summary`.
void write_trace(const std::filesystem::path& path, std::span<const std::string> processes,
                 const std::map<std::string, std::string>& about);

}  // namespace feedline
