#pragma once

#include <feedline/metrics/trace.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace feedline {

/// A process as the timeline shows it.
struct TraceProcess {
  int pid = 0;  ///< Rank of the process
  std::string name;
};

/// Converts a process's clock to that of the file: the time in the file is its time + `offset` - `origin`, in
/// nanoseconds.
struct TraceClock {
  std::int64_t offset = 0;
  std::int64_t origin = 0;
};

/// Returns the events of one process in the trace-event format that Perfetto reads, separated by commas.
/// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
/// Times are rounded down to 1/8 us, which a double represents exactly, so that nested spans stay nested when
/// they are read.
std::string trace_events(const Trace& trace, const TraceProcess& process, const TraceClock& clock);

/// As above, for a process that did not report its events: its name and the reason.
std::string missing_trace(const TraceProcess& process, const std::string& why);

/// Throws a UsageError that names the path if `write_trace` cannot write there. Call it before a long run.
void check_trace_path(const std::filesystem::path& path);

/// Writes the events of all processes, and facts by name, to one file, as `write_summary` does.
void write_trace(const std::filesystem::path& path, std::span<const std::string> processes,
                 const std::map<std::string, std::string>& about);

}  // namespace feedline
