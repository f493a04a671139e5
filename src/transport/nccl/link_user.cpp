#include "link_user.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <future>
#include <thread>
#include <utility>

namespace feedline {
namespace {

constexpr std::chrono::seconds kAbortTime{1};  // less time than mpirun allows a rank to report its end

}  // namespace

bool abort_in_time(std::shared_ptr<DeviceLink> link) noexcept {
  try {
    std::promise<void> done;
    const std::future<void> ended = done.get_future();
    // Detached: if the device hangs, only the end of the process ends the thread.
    std::thread([aborted = std::move(link), tell = std::move(done)]() mutable {
      aborted->abort();
      tell.set_value();
    }).detach();
    return ended.wait_for(kAbortTime) == std::future_status::ready;
  } catch (const std::exception&) {
    return false;
  }
}

void LinkUser::fail(const std::string& awaited) const {
  throw PeerError(fmt::format("Waited {} for {} over NCCL.", format_duration(timeout_), awaited));
}

}  // namespace feedline
