#include <feedline/metrics/trace_file.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

/// Returns any text as a JSON string; bytes that are not UTF-8 are replaced.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Returns the time in eighths of a microsecond, rounded down.
std::int64_t eighths(std::int64_t nanoseconds) noexcept {
  return std::max<std::int64_t>(nanoseconds, 0) / 125;
}

void add_time(std::string& text, std::string_view key, std::int64_t time) {
  fmt::format_to(std::back_inserter(text), ",\"{}\":{}", key, time / 8);
  if (time % 8 != 0) fmt::format_to(std::back_inserter(text), ".{:03}", time % 8 * 125);
}

void add_numbers(std::string& text, const TraceEvent& event) {
  bool any = false;
  for (std::size_t i = 0; i < event.numbers.size(); ++i) {
    const char* name = event.stage->numbers[i];
    if (name == nullptr || event.numbers[i] == TraceEvent::kNone) continue;
    text += any ? "," : ",\"args\":{";
    fmt::format_to(std::back_inserter(text), "\"{}\":{}", name, event.numbers[i]);
    any = true;
  }
  if (any) text += '}';
}

/// Adds an event. Names of stages need no quoting.
void add_event(std::string& text, const TraceEvent& event, int pid, std::size_t tid,
               const TraceClock& clock) {
  const std::int64_t begin = event.begin + clock.offset - clock.origin;
  fmt::format_to(std::back_inserter(text), ",\n{{\"name\":\"{}\",\"ph\":\"{}\",\"pid\":{},\"tid\":{}",
                 event.stage->name, event.is_gauge() ? 'C' : 'X', pid, tid);
  add_time(text, "ts", eighths(begin));
  if (!event.is_gauge()) add_time(text, "dur", eighths(begin + event.length) - eighths(begin));
  add_numbers(text, event);
  text += '}';
}

std::string about_process(const char* what, int pid, const std::string& arguments) {
  return fmt::format("{{\"name\":\"{}\",\"ph\":\"M\",\"pid\":{},\"args\":{{{}}}}}", what, pid, arguments);
}

std::string process_lines(const TraceProcess& process) {
  return about_process("process_name", process.pid, "\"name\":" + quoted(process.name)) + ",\n" +
         about_process("process_sort_index", process.pid, fmt::format("\"sort_index\":{}", process.pid));
}

void name_lane(std::string& text, const std::string& name, int pid, std::size_t tid) {
  for (const auto& [what, argument] :
       {std::pair<const char*, std::string>("thread_name", "\"name\":" + quoted(name)),
        std::pair<const char*, std::string>("thread_sort_index", fmt::format("\"sort_index\":{}", tid))}) {
    fmt::format_to(std::back_inserter(text),
                   ",\n{{\"name\":\"{}\",\"ph\":\"M\",\"pid\":{},\"tid\":{},\"args\":{{{}}}}}", what, pid,
                   tid, argument);
  }
}

/// Marks on the timeline where a lane has a gap.
void mark_gap(std::string& text, const TraceLane::Content& content, int pid, std::size_t tid,
              const TraceClock& clock) {
  if (content.dropped == 0 || content.before_gap == 0) return;
  const TraceEvent& last = content.events[content.before_gap - 1];
  const std::int64_t end = last.begin + std::max<std::int64_t>(last.length, 0);
  fmt::format_to(std::back_inserter(text),
                 ",\n{{\"name\":\"the next {} events were dropped\",\"ph\":\"i\",\"s\":\"t\",\"pid\":{},"
                 "\"tid\":{}",
                 content.dropped, pid, tid);
  add_time(text, "ts", eighths(end + clock.offset - clock.origin));
  text += '}';
}

/// Puts events in the order that readers expect: an event comes before those that it contains. Lanes have an
/// inner event before its outer one.
void put_in_order(std::vector<TraceEvent>& events) {
  std::reverse(events.begin(), events.end());
  std::stable_sort(events.begin(), events.end(), [](const TraceEvent& a, const TraceEvent& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.length > b.length;
  });
}

}  // namespace

std::string trace_events(const Trace& trace, const TraceProcess& process, const TraceClock& clock) {
  std::string text = process_lines(process);
  std::size_t tid = 0;
  for (const TraceLane* lane : trace.lanes()) {
    TraceLane::Content content = lane->content();
    ++tid;  // readers do not accept 0 as a thread
    const std::string note = content.dropped > 0 ? fmt::format(" ({} events dropped)", content.dropped) : "";
    name_lane(text, lane->name() + note, process.pid, tid);
    mark_gap(text, content, process.pid, tid, clock);
    put_in_order(content.events);
    for (const TraceEvent& event : content.events) add_event(text, event, process.pid, tid, clock);
  }
  return text;
}

std::string missing_trace(const TraceProcess& process, const std::string& why) {
  return process_lines(process) +
         fmt::format(",\n{{\"name\":{},\"ph\":\"i\",\"s\":\"p\",\"pid\":{},\"tid\":1,\"ts\":0}}",
                     quoted("nothing is known of it: " + why), process.pid);
}

}  // namespace feedline
