#include "open_sets.hpp"

#include "outcome.hpp"

#include <feedline/data/faulty_dataset.hpp>
#include <feedline/data/isolation.hpp>
#include <feedline/runner/run.hpp>

#include <optional>

namespace feedline {
namespace {

constexpr double kSampleTimeout = 30;

/// Without a cache: what a decoder has decoded stays in its own process.
DataOptions uncached(DataOptions options) {
  options.cache = CacheKind::kNone;
  return options;
}

IsolationOptions isolation_options(const Options& options) {
  IsolationOptions isolation;
  isolation.server_arguments = options.arguments;
  isolation.server_arguments.insert(isolation.server_arguments.begin(), "serve-decoders");
  // A sample that hangs is found out before the whole input counts as hung.
  isolation.sample_timeout = options.hang_timeout ? *options.hang_timeout / 4 : kSampleTimeout;
  return isolation;
}

}  // namespace

DataSplits open_sets(const Options& options, const FaultPlan& faults) {
  if (!options.isolate_decoders) {
    DataSplits data = open_data(options.data);
    spoil(data, faults);
    return data;
  }
  DataSplits data = open_data(uncached(options.data));
  isolate(data, isolation_options(options));
  return data;
}

ExitCode run_decode_server(const ServeDecodersCommand& command) {
  Outcome outcome;
  capture(outcome, [&] {
    DataSplits data = open_data(uncached(command.options.data));
    spoil(data, FaultPlan::from_environment());
    serve_decoders(data);
  });
  return outcome.code;
}

}  // namespace feedline
