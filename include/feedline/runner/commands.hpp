#pragma once

#include <feedline/comm/launcher.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

namespace feedline {

/// Runs `feedline train`, from the parsed flags to the exit code. Reports errors to the user and throws
/// nothing. After the loss of a peer it ends the process itself, since MPI can no longer be shut down in
/// order.
ExitCode run_train(const Options& options, const Launch& launch);

// The other commands run in one process. Like `run_train` they report errors and throw nothing.

/// Reads every sample of the data completely; lists the bad ones on stdout. Returns kBadData when there are
/// any.
ExitCode run_check(const CheckCommand& command);

/// Writes batches as the model sees them: batch_K.png, batch_K.pt, batch_K.json.
ExitCode run_preview(const PreviewCommand& command);

/// Measures, predicts, and recommends a command line.
ExitCode run_probe(const ProbeCommand& command);

/// Prints, as JSON, the quality of a checkpoint's model on labelled data.
ExitCode run_evaluate(const EvaluateCommand& command);

/// Prints one line of JSON per file with the class that a checkpoint's model assigns to it. Returns kBadData
/// when a file cannot be read.
ExitCode run_predict(const PredictCommand& command);

/// Decodes samples for the run that started this process for that purpose. Blocks until that run has ended.
ExitCode run_decode_server(const ServeDecodersCommand& command);

}  // namespace feedline
