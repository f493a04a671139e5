#include "timeline.hpp"

#include <feedline/comm/clock_offset.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace feedline {
namespace {

std::int64_t nanoseconds(Clock::duration time) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

TraceProcess describe(int rank, const Roles& roles) {
  const char* role = roles.single ? "data and model" : roles.prepares_data(rank) ? "data" : "model";
  return {rank, fmt::format("rank {} ({})", rank, role)};
}

/// Every rank's text; only the own one when somebody has gone meanwhile, which spoils no run.
std::vector<std::string> gather_texts(World& world, const std::string& mine) {
  try {
    return world.gather(mine, "all ranks to tell their timelines");
  } catch (const PeerError& error) {
    log_warning(std::string("The timeline is incomplete: ") + error.what());
    return {};
  }
}

}  // namespace

Timeline::Timeline(bool wanted, Clock::time_point program_start) {
  if (!wanted) return;
  trace_ = std::make_unique<Trace>(program_start);
  lane_ = trace_->lane("main", Trace::kManyEvents);
  lane_->add(stage::kLoadProgram, program_start, Clock::now());
  clock_.origin = nanoseconds(program_start.time_since_epoch());
}

void Timeline::agree(World& world, const Roles& roles) {
  if (trace_ == nullptr) return;
  clock_.offset = nanoseconds(clock_offset(world, roles.model_rank()).offset);
  const std::int64_t start = nanoseconds(trace_->start().time_since_epoch()) + clock_.offset;
  clock_.origin = start;
  for (const std::string& other : world.gather(std::to_string(start), "all ranks to tell their time"))
    clock_.origin = std::min<std::int64_t>(clock_.origin, std::stoll(other));
  agreed_ = true;
}

std::string Timeline::own_events(int rank, const Roles& roles) const {
  return trace_events(*trace_, describe(rank, roles), clock_);
}

std::vector<std::string> Timeline::gather(World* world, const Roles& roles, bool met) const {
  if (trace_ == nullptr) return {};
  const int rank = world != nullptr ? world->rank() : 0;
  const bool trains = roles.trains(rank);
  std::vector<std::string> texts;
  if (met && agreed_) texts = gather_texts(*world, trains ? "" : own_events(rank, roles));
  if (!trains) return {};
  texts.resize(static_cast<std::size_t>(world != nullptr ? world->size() : 1));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const int of = static_cast<int>(i);
    if (of == rank) {
      texts[i] = own_events(rank, roles);
    } else if (texts[i].empty()) {
      texts[i] = missing_trace(describe(of, roles), "it was lost, or ended before it could tell");
    }
  }
  return texts;
}

}  // namespace feedline
