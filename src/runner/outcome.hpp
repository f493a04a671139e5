#pragma once

#include "rank_messages.hpp"

#include <feedline/comm/launcher.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/thread_limits.hpp>
#include <feedline/engine/trainer.hpp>
#include <feedline/pipeline/input_pipeline.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

namespace feedline {

/// The outcome of this rank's part of the run, which is reported also when the run ended early.
struct Outcome {
  ExitCode code = ExitCode::kDone;
  std::string message;
  bool cannot_meet = false;  ///< Whether other ranks are gone or hang, so that there is no meeting at the end
  bool bystander = false;  ///< Whether others decide what becomes of the run, so that they must not be ended
  bool reported_by_peer = false;  ///< Whether the failure happened, and is reported, in another process
  InputFigures input;
  LinkStats link;
  std::uint64_t gpu_bytes = 0;  ///< Bytes of buffers on this rank's GPU
  TrainReport training;
  const TrainReport* under_way = nullptr;  ///< Report of the training thread while it trains, or null
  std::string model_name;
  std::int64_t parameters = 0;
};

/// Notes a failure. The first failure counts, except that one that can be reported to the user replaces one
/// that was only heard of from the other end of a channel.
inline void note_failure(Outcome& outcome, ExitCode code, const std::string& message, bool tell) {
  const bool is_new = outcome.code == ExitCode::kDone || (tell && outcome.reported_by_peer);
  if (!is_new) return;
  outcome.code = code;
  outcome.message = message;
  outcome.reported_by_peer = !tell;
  if (tell) log_error(message);
}

/// Runs `work` and notes in `outcome` whatever it throws. This is the one place where exceptions become exit
/// codes.
template <class Work>
void capture(Outcome& outcome, Work work) noexcept {
  try {
    work();
  } catch (const RemoteError& error) {
    note_failure(outcome, error.code(), error.what(), false);
  } catch (const PeerError& error) {
    // A peer that ended on purpose and could not report it by MPI has left word, and has informed the user.
    const auto word = word_left();
    note_failure(outcome, word.value_or(error.code()), error.what(), !word);
  } catch (const Error& error) {
    const auto limit = error.code() == ExitCode::kInternal ? limit_reached(error) : std::nullopt;
    note_failure(outcome, limit ? limit->code() : error.code(), limit ? limit->what() : error.what(), true);
  } catch (const std::exception& error) {
    const auto limit = limit_reached(error);
    note_failure(outcome, limit ? limit->code() : ExitCode::kInternal, limit ? limit->what() : error.what(),
                 true);
  }
}

}  // namespace feedline
