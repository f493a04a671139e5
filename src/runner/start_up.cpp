#include "input_report.hpp"
#include "open_sets.hpp"
#include "schedule_of.hpp"
#include "session.hpp"
#include "wire.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/metrics/summary.hpp>
#include <feedline/transport/device_receiver.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace feedline {
namespace {

void agree_on_flags(World& world, const Options& options) {
  const std::string first = world.broadcast(canonical(options), 0, "rank 0 to tell its flags");
  world.together("compare flags", [&] {
    if (canonical(options) == first) return;
    throw UsageError(
        fmt::format("Rank {} was given other flags than rank 0; give all ranks the same.", world.rank()));
  });
}

Roles decide_roles(World& world, const Options& options) {
  world.together("decide the roles", [&] {
    if (world.rank() == 0) Roles::of(world.size());
  });
  const Roles roles = Roles::of(world.size());
  world.together("look for the summary's folder", [&] {
    if (options.summary && roles.trains(world.rank())) check_summary_path(*options.summary);
  });
  if (roles.single && options.data_gpu && options.model_gpu) {
    log_warning(
        "--data-gpu and --model-gpu are given, but there is one rank: running in buffered mode. For both "
        "GPUs: "
        "mpirun --bind-to none -np 2 feedline ...");
  }
  return roles;
}

DeviceChoice decide_devices(World& world, const Options& options) {
  DeviceChoice choice;
  world.together("choose the devices", [&] {
    if (world.rank() != 0) return;
    std::vector<GpuInfo> gpus = list_gpus();
    const bool asked = options.device == "cuda" || options.data_gpu || options.model_gpu;
    if (!asked && !cuda_training_available()) gpus.clear();
    choice = select_devices({options.device, options.data_gpu, options.model_gpu}, gpus);
    if (choice.data.is_cuda()) log_warning("--data-gpu is not used yet: batches are prepared on the CPU.");
  });
  const std::string names =
      world.broadcast(choice.data.name() + " " + choice.model.name(), 0, "rank 0 to choose the devices");
  const auto space = names.find(' ');
  return {Device::parse(names.substr(0, space)), Device::parse(names.substr(space + 1))};
}

/// Bad usage is told once, by rank 0.
FaultPlan read_faults(const World& world) {
  try {
    return FaultPlan::from_environment();
  } catch (const UsageError&) {
    if (world.rank() == 0) throw;
    return {};
  }
}

/// Opens the data and sizes the buffer, on the data side.
DataNews prepare_data(const Options& options, const FaultPlan& faults, DataSplits& data) {
  data = open_sets(options, faults);
  if (options.data.batch_size > data.info.train_size) {
    throw UsageError(fmt::format("--batch-size {} is larger than the training set ({} samples in {}).",
                                 options.data.batch_size, data.info.train_size,
                                 options.data.train_data.string()));
  }
  DataNews news;
  if (options.checkpoints.folder || options.checkpoints.resume != CheckpointOptions::Resume::kNone)
    data.info.fingerprint = fingerprint_of(data);
  news.info = data.info;
  news.cores = usable_cores();
  news.cache_whole = data.cache_whole;
  news.workers = options.num_workers.value_or(news.cores);
  news.buffer = plan_buffer(batch_spec_of(data.info), options.buffer_size, options.buffer_bytes,
                            available_memory() - std::min(available_memory(), data.cache_budget));
  if (!news.buffer.note.empty()) log_info(news.buffer.note);
  return news;
}

/// The batches that are left to do.
BatchSchedule make_schedule(const Options& options, const DataInfo& info, Checkpoints& checkpoints) {
  const ScheduleOptions schedule = schedule_of(options, info);
  if (!checkpoints.resumed) return BatchSchedule(schedule);
  TrainReport& done = checkpoints.resumed->report;
  if (checkpoints.moved) done.steps = BatchSchedule(schedule).steps_before(done.epochs);
  return BatchSchedule(schedule, {done.steps, done.epochs});
}

/// What the flags leave to the machine and the data.
Options fill_in(Options options, const DeviceChoice& devices, const BatchSchedule& schedule) {
  options.train.device = devices.model.name();
  options.train.train_threads = options.train_threads.value_or(usable_cores());
  options.train.warmup_steps = options.warmup_steps.value_or(schedule.total_steps() / 20);
  return options;
}

/// From here on batches are copied to the GPU ahead of their use.
void receive_on_gpu(Session& session, int rank) {
  session.gpu = open_device(session.devices.model, rank);
  session.training = session.gpu->make_stream();
  session.options.train.gpu = session.gpu;
  session.options.train.stream = session.training->native();
  session.channel.receiver =
      std::make_shared<DeviceReceiver>(session.channel.receiver, session.gpu, *session.training);
}

}  // namespace

Session start_up(World& world, const Options& options) {
  agree_on_flags(world, options);
  const Roles roles = decide_roles(world, options);
  const DeviceChoice devices = decide_devices(world, options);

  FaultPlan faults;
  world.together("read FEEDLINE_FAULT", [&] { faults = read_faults(world); });
  DataSplits data;
  std::unique_ptr<BadSamples> bad;
  std::string news_text;
  world.together("open the data", [&] {
    if (!roles.prepares_data(world.rank())) return;
    news_text = to_text(prepare_data(options, faults, data));
  });
  const DataNews news = data_news_from(world.broadcast(news_text, 0, "rank 0 to open the data"));

  Checkpoints checkpoints = open_checkpoints(world, options, roles, news.info);
  if (roles.prepares_data(world.rank())) {
    bad = std::make_unique<BadSamples>(options.data.bad_samples, news.info.train_size + news.info.val_size,
                                       bad_samples_list(options), checkpoints.resumed.has_value());
  }
  const BatchSchedule schedule = make_schedule(options, news.info, checkpoints);
  Session session{fill_in(options, devices, schedule),
                  roles,
                  devices,
                  news.info,
                  batch_spec_of(news.info),
                  schedule,
                  news.buffer,
                  news.workers,
                  news.cores,
                  news.cache_whole,
                  std::move(data),
                  std::move(bad),
                  std::move(faults),
                  std::move(checkpoints),
                  std::make_shared<TakeOver>(),
                  {},
                  {},
                  {}};
  for (const auto& [data_rank, model_rank] : roles.pairs()) {
    session.channel = connect(
        world,
        {options.transport, data_rank, model_rank, session.spec, news.buffer.batches,
         [take_over = session.take_over](const std::string& message) { return take_over->accept(message); }});
  }
  world.together("prepare the GPU", [&] {
    if (roles.trains(world.rank()) && devices.model.is_cuda()) receive_on_gpu(session, world.rank());
  });
  return session;
}

}  // namespace feedline
