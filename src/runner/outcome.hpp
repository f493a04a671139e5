#pragma once

#include "wire.hpp"

#include <feedline/comm/launcher.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/thread_limits.hpp>
#include <feedline/engine/trainer.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

namespace feedline {

/// How this rank's part of the run went, told also when it ended early.
struct Outcome {
  ExitCode code = ExitCode::kDone;
  std::string message;
  bool alone = false;      ///< other ranks are gone or hang: nobody to meet at the end
  bool bystander = false;  ///< others decide what becomes of the run: they are not to be ended
  bool hearsay = false;    ///< the failure happened, and is told, elsewhere
  InputStats input;
  CacheStats cache;
  StageTimes stages;
  LinkStats link;
  std::uint64_t gpu_bytes = 0;  ///< that buffers hold on this rank's GPU
  TrainReport training;
  const TrainReport* under_way = nullptr;  ///< while there is training: of the thread that trains
  std::string model_name;
  std::int64_t parameters = 0;
};

/// Notes how it ended: the first failure counts, but one that the user can be told of replaces one that was
/// only heard of from the other end of a channel.
inline void note_failure(Outcome& outcome, ExitCode code, const std::string& message, bool tell) {
  const bool news = outcome.code == ExitCode::kDone || (tell && outcome.hearsay);
  if (!news) return;
  outcome.code = code;
  outcome.message = message;
  outcome.hearsay = !tell;
  if (tell) log_error(message);
}

/// Runs `work`; whatever it throws ends up in `outcome`. The one place where exceptions become exit codes.
template <class Work>
void capture(Outcome& outcome, Work work) noexcept {
  try {
    work();
  } catch (const RemoteError& error) {
    note_failure(outcome, error.code(), error.what(), false);
  } catch (const PeerError& error) {
    // One that ended on purpose, and could not tell by MPI, has left word, and has told the user.
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
