#pragma once

#include <feedline/comm/launcher.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

namespace feedline {

/// The whole life of `feedline train`, from the parsed flags to the exit code. Tells the user what goes wrong
/// and throws nothing. After the loss of a peer it ends the process itself: MPI can no longer be left in an
/// orderly way.
ExitCode run_train(const Options& options, const Launch& launch);

// The other commands run in one process. Like `run_train` they tell what goes wrong and throw nothing.

/// Reads every sample of the data, all of it; lists the bad ones on stdout. kBadData when there are any.
ExitCode run_check(const CheckCommand& command);

/// Writes batches as the model sees them: batch_K.png, batch_K.pt, batch_K.json.
ExitCode run_preview(const PreviewCommand& command);

/// Measures, predicts, and recommends a command line.
ExitCode run_probe(const ProbeCommand& command);

/// Prints, as JSON, how good a checkpoint's model is on labelled data.
ExitCode run_evaluate(const EvaluateCommand& command);

/// Prints, a line of JSON a file, which class a checkpoint's model takes it for. kBadData when one cannot be
/// read.
ExitCode run_predict(const PredictCommand& command);

/// Makes decoders for the run that started this process for that. Blocks until that has ended.
ExitCode run_decode_server(const ServeDecodersCommand& command);

}  // namespace feedline
