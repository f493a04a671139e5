#include <feedline/comm/clock_offset.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {
namespace {

constexpr int kTries = 20;
constexpr int kTag = 401;
constexpr double kTimeout = 60;

/// Waits until the request is done. The sleeps are short, since a late look at an answer counts as a long
/// way.
void finish(World& world, Request request, int other) {
  Backoff backoff(std::chrono::microseconds(20));
  const Deadline deadline = Deadline::in(kTimeout);
  try {
    while (!request.test()) {
      world.check_peers();
      if (deadline.passed())
        throw PeerError(
            fmt::format("Rank {} waited {} s for the time of rank {}.", world.rank(), kTimeout, other));
      backoff.sleep();
    }
  } catch (...) {
    request.cancel();
    throw;
  }
}

std::int64_t now() {
  return Clock::now().time_since_epoch().count();
}

void answer(World& world, int other) {
  std::array<std::int64_t, 1> time{};
  for (int i = 0; i < kTries; ++i) {
    finish(world, world.communicator().irecv(std::as_writable_bytes(std::span(time)), other, kTag), other);
    time[0] = now();
    finish(world, world.communicator().isend(std::as_bytes(std::span(time)), other, kTag), other);
  }
}

ClockOffset ask(World& world, int reference) {
  ClockOffset best{{}, Clock::duration::max()};
  for (int i = 0; i < kTries; ++i) {
    std::array<std::int64_t, 1> question{}, time{};
    const std::int64_t asked = now();
    finish(world, world.communicator().isend(std::as_bytes(std::span(question)), reference, kTag), reference);
    finish(world, world.communicator().irecv(std::as_writable_bytes(std::span(time)), reference, kTag),
           reference);
    const std::int64_t way = now() - asked;
    const Clock::duration uncertain(way / 2 + 1);
    if (uncertain < best.uncertain) best = {Clock::duration(time[0] - (asked + way / 2)), uncertain};
  }
  return best;
}

}  // namespace

ClockOffset measure_clock_offset(World& world, int reference) {
  if (world.rank() != reference) return ask(world, reference);
  for (int other = 0; other < world.size(); ++other) {
    if (other != reference) answer(world, other);
  }
  return {};
}

ClockOffset clock_offset(World& world, int reference) {
  const auto& ranks = world.topology().ranks();
  const bool one_clock = std::all_of(ranks.begin(), ranks.end(), [&](const RankInfo& rank) {
    return rank.boot_id == world.topology().rank(reference).boot_id;
  });
  return one_clock ? ClockOffset{} : measure_clock_offset(world, reference);
}

}  // namespace feedline
