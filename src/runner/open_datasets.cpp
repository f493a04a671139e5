#include "open_datasets.hpp"

#include "outcome.hpp"

#include <feedline/common/log.hpp>
#include <feedline/data/faulty_dataset.hpp>
#include <feedline/data/isolation.hpp>
#include <feedline/pipeline/input_pipeline.hpp>
#include <feedline/runner/commands.hpp>

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

DataSplits open_datasets(const Options& options, const FaultPlan& faults) {
  DataSplits data = open_data(options.isolate_decoders ? uncached(options.data) : options.data);
  if (order_for(options.order, data.info) != options.order)
    log_warning("--order ready needs batches of one shape: samples come in strict order.");
  options.isolate_decoders ? isolate(data, isolation_options(options)) : inject_faults(data, faults);
  return data;
}

ExitCode run_decode_server(const ServeDecodersCommand& command) {
  Outcome outcome;
  capture(outcome, [&] {
    log_errors_only(true);
    DataSplits data = open_data(uncached(command.options.data));
    log_errors_only(false);
    inject_faults(data, FaultPlan::from_environment());
    serve_decoders(data);
  });
  return outcome.code;
}

}  // namespace feedline
