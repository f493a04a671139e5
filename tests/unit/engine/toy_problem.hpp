#pragma once

#include "fake_receiver.hpp"

#include <feedline/data/open_data.hpp>
#include <feedline/engine/trainer.hpp>

#include <cstdint>
#include <functional>

namespace feedline::testing {

/// A problem that a small model solves in a few epochs: the class says which third of the picture is bright;
/// the rest is noise. Pictures are 8 x 8 pixels of one channel, the class of sample `id` is id mod 3.
DataInfo toy_info();
void fill_toy(const Slot& slot, std::uint32_t row, std::uint64_t id);

/// The schedule of the toy problem: 30 validation samples.
ScheduleOptions toy_schedule(std::uint64_t train_size, std::uint32_t batch_size, std::uint32_t epochs);

/// Trains on the toy problem to the end of the schedule.
TrainReport train_on_toy(Learner& learner, const TrainSettings& options, const ScheduleOptions& schedule);

}  // namespace feedline::testing
