#include <feedline/common/errors.hpp>
#include <feedline/metrics/trace_file.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::HasSubstr;

constexpr Stage kWork{"work", {"number", "other"}};
constexpr Stage kPart{"part"};
constexpr Stage kFill{"fill", {"batches"}};

Clock::time_point at(std::int64_t nanoseconds) {
  return Clock::time_point(std::chrono::nanoseconds(nanoseconds));
}

/// The events of one process, as a reader sees them.
Json parsed(const std::string& events) {
  return Json::parse("[" + events + "]");
}

Json of_kind(const Json& events, const std::string& kind) {
  Json found = Json::array();
  for (const Json& event : events) {
    if (event["ph"] == kind) found.push_back(event);
  }
  return found;
}

class TraceFile : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  const fs::path folder_ = testing::TempDir() + "feedline_trace_test_" + std::to_string(::getpid());
  const fs::path path_ = folder_ / "run.json";
  Trace trace_{at(0)};
};

TEST_F(TraceFile, NamesProcessAndThreads) {
  trace_.lane("main", 8);
  trace_.lane("worker 0", 8);
  const Json names = of_kind(parsed(trace_events(trace_, {1, "rank 1 (model)"}, {})), "M");
  ASSERT_EQ(names.size(), 6u);
  EXPECT_EQ(names[0]["name"], "process_name");
  EXPECT_EQ(names[0]["pid"], 1);
  EXPECT_EQ(names[0]["args"]["name"], "rank 1 (model)");
  EXPECT_EQ(names[1]["args"]["sort_index"], 1);
  EXPECT_EQ(names[2]["name"], "thread_name");
  EXPECT_EQ(names[2]["tid"], 1);
  EXPECT_EQ(names[2]["args"]["name"], "main");
  EXPECT_EQ(names[4]["tid"], 2);
  EXPECT_EQ(names[4]["args"]["name"], "worker 0");
}

TEST_F(TraceFile, SpansAreInMicrosecondsOfTheFilesClock) {
  trace_.lane("main", 8)->add(kWork, at(5'000), at(12'500), 3, 4);
  const Json spans = of_kind(parsed(trace_events(trace_, {0, "p"}, {2'000, 1'000})), "X");
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0]["name"], "work");
  EXPECT_EQ(spans[0]["pid"], 0);
  EXPECT_EQ(spans[0]["tid"], 1);
  EXPECT_EQ(spans[0]["ts"].get<double>(), 6.0);
  EXPECT_EQ(spans[0]["dur"].get<double>(), 7.5);
  EXPECT_EQ(spans[0]["args"], Json({{"number", 3}, {"other", 4}}));
}

TEST_F(TraceFile, NumbersThatAreNotThereAreLeftOut) {
  TraceLane* lane = trace_.lane("main", 8);
  lane->add(kWork, at(0), at(1));
  lane->add(kWork, at(1), at(2), TraceEvent::kNone, 9);
  lane->add(kPart, at(2), at(3), 1);
  const Json spans = of_kind(parsed(trace_events(trace_, {0, "p"}, {})), "X");
  EXPECT_FALSE(spans[0].contains("args"));
  EXPECT_EQ(spans[1]["args"], Json({{"other", 9}}));
  EXPECT_FALSE(spans[2].contains("args"));
}

TEST_F(TraceFile, GaugesAreCounters) {
  trace_.lane("main", 8)->set(kFill, 17);
  const Json gauges = of_kind(parsed(trace_events(trace_, {0, "p"}, {})), "C");
  ASSERT_EQ(gauges.size(), 1u);
  EXPECT_EQ(gauges[0]["name"], "fill");
  EXPECT_EQ(gauges[0]["args"], Json({{"batches", 17}}));
  EXPECT_FALSE(gauges[0].contains("dur"));
}

/// Whatever the nanoseconds are: a reader that computes begin + duration in doubles finds the inner span
/// inside.
TEST_F(TraceFile, WhatLiesInsideStaysInsideAndComesAfter) {
  TraceLane* lane = trace_.lane("main", 4000);
  for (std::int64_t i = 0; i < 1000; ++i) {
    const std::int64_t begin = 7'000'000'000'000 + 1009 * i, end = begin + 991 + i % 17;
    const std::int64_t middle = begin + 1 + i % 900;
    lane->add(kPart, at(begin), at(middle));
    lane->add(kPart, at(middle), at(end));
    lane->add(kWork, at(begin), at(end));
  }
  const Json spans = of_kind(parsed(trace_events(trace_, {0, "p"}, {0, 1234})), "X");
  ASSERT_EQ(spans.size(), 3000u);
  const auto begin = [&](std::size_t i) { return spans[i]["ts"].get<double>(); };
  const auto end = [&](std::size_t i) { return begin(i) + spans[i]["dur"].get<double>(); };
  for (std::size_t i = 0; i < spans.size(); i += 3) {
    ASSERT_EQ(spans[i]["name"], "work");
    EXPECT_EQ(begin(i), begin(i + 1));
    EXPECT_EQ(end(i + 1), begin(i + 2));
    EXPECT_EQ(end(i + 2), end(i));
    if (i > 0) {
      EXPECT_GE(begin(i), end(i - 1));
    }
  }
}

TEST_F(TraceFile, SaysWhatWasDropped) {
  TraceLane* lane = trace_.lane("worker 0", 8);
  for (std::int64_t i = 0; i < 20; ++i) lane->add(kPart, at(1000 * i), at(1000 * i + 500));
  const Json events = parsed(trace_events(trace_, {0, "p"}, {}));
  EXPECT_EQ(of_kind(events, "X").size(), 8u);
  EXPECT_EQ(events[2]["args"]["name"], "worker 0 (12 events dropped)");
  const Json notes = of_kind(events, "i");
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0]["name"], "the next 12 events were dropped");
  EXPECT_EQ(notes[0]["ts"].get<double>(), 1.5);
}

TEST_F(TraceFile, TimesBeforeTheOriginAreItsBegin) {
  trace_.lane("main", 8)->add(kPart, at(100), at(3'000));
  const Json spans = of_kind(parsed(trace_events(trace_, {0, "p"}, {0, 1'000})), "X");
  EXPECT_EQ(spans[0]["ts"].get<double>(), 0.0);
  EXPECT_EQ(spans[0]["dur"].get<double>(), 2.0);
}

TEST_F(TraceFile, IsOneObjectOfAllProcesses) {
  trace_.lane("main", 8)->add(kPart, at(0), at(1'000));
  const std::vector<std::string> processes = {missing_trace({0, "rank 0 (data)"}, "it was lost"),
                                              trace_events(trace_, {1, "rank 1 (model)"}, {})};
  write_trace(path_, processes, {{"exit", "done"}});
  const Json file = Json::parse(std::ifstream(path_));
  EXPECT_EQ(file["displayTimeUnit"], "ms");
  EXPECT_EQ(file["otherData"]["exit"], "done");
  ASSERT_TRUE(file["traceEvents"].is_array());
  EXPECT_EQ(file["traceEvents"][0]["args"]["name"], "rank 0 (data)");
  EXPECT_EQ(of_kind(file["traceEvents"], "X").size(), 1u);
  EXPECT_EQ(of_kind(file["traceEvents"], "i")[0]["name"], "nothing is known of it: it was lost");
}

TEST_F(TraceFile, OddNamesAreStillJson) {
  const std::string odd = "a\"b\\c\n\t\x01 \xff\xfe é 日本 </script>";
  trace_.lane(odd, 8);
  write_trace(path_, std::vector{trace_events(trace_, {0, odd}, {}), missing_trace({1, odd}, odd)},
              {{"flags", odd}, {odd, "x"}});
  const Json file = Json::parse(std::ifstream(path_));
  const std::string name = file["traceEvents"][0]["args"]["name"];
  EXPECT_THAT(name, HasSubstr("a\"b\\c\n\t\x01 "));
  EXPECT_THAT(name, HasSubstr("é 日本 </script>"));
  EXPECT_EQ(file["otherData"]["flags"], name);
}

TEST_F(TraceFile, NothingIsAFileToo) {
  write_trace(path_, {}, {});
  EXPECT_TRUE(Json::parse(std::ifstream(path_))["traceEvents"].empty());
}

TEST_F(TraceFile, APathThatCannotBeWrittenIsNamedBeforeTheRun) {
  EXPECT_NO_THROW(check_trace_path(path_));
  EXPECT_FALSE(fs::exists(path_));
  try {
    check_trace_path(folder_ / "missing" / "run.json");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("--trace"), HasSubstr("missing/run.json")));
  }
  EXPECT_THROW(check_trace_path(folder_), UsageError);
}

}  // namespace
}  // namespace feedline
