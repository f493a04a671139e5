#include "toy_problem.hpp"

#include <feedline/common/philox.hpp>

#include <cstdio>
#include <cstring>

namespace feedline::testing {

DataInfo toy_info() {
  DataInfo info;
  info.task = Task::kImage;
  info.classes = 3;
  info.tensors = {{"image", DType::kUInt8, {1, 8, 8}}, {"label", DType::kInt64, {}}};
  info.normalization = {{0.5f}, {0.25f}};
  return info;
}

void fill_toy(const Slot& slot, std::uint32_t row, std::uint64_t id) {
  const std::int64_t label = static_cast<std::int64_t>(id % 3);
  Philox random(1, RandomPurpose::kAugment, 0, id);
  const auto picture = slot.row(slot.spec().layout().index("image"), row);
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const bool bright = static_cast<std::int64_t>(i % 8 / 3) == label;
    picture[i] = static_cast<std::byte>(random.next_below(128) + (bright ? 128 : 0));
  }
  std::memcpy(slot.row(slot.spec().layout().index("label"), row).data(), &label, sizeof(label));
}

ScheduleOptions toy_schedule(std::uint64_t train_size, std::uint32_t batch_size, std::uint32_t epochs) {
  ScheduleOptions options;
  options.buckets = {{batch_size, train_size, 30}};
  options.epochs = epochs;
  return options;
}

TrainReport train_on_toy(Learner& learner, const TrainSettings& options,
                         const ScheduleOptions& schedule_options) {
  const BatchSchedule schedule(schedule_options);
  FakeReceiver receiver(schedule, toy_info().tensors, fill_toy);
  std::FILE* nowhere = std::fopen("/dev/null", "w");
  TrainReport report;
  {
    Progress progress(nowhere, false);
    Trainer trainer(learner, receiver, schedule, options, progress, [] { return false; });
    trainer.run();
    report = trainer.report();
  }
  std::fclose(nowhere);
  return report;
}

}  // namespace feedline::testing
