#include "start_up.hpp"

#include "choose_devices.hpp"
#include "feeds.hpp"
#include "idle_flags.hpp"
#include "input_plan.hpp"
#include "mel_device.hpp"
#include "needs.hpp"
#include "open_datasets.hpp"
#include "schedule_of.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/data/audio/mel_transform.hpp>
#include <feedline/metrics/history.hpp>
#include <feedline/metrics/stage_range.hpp>
#include <feedline/metrics/summary.hpp>
#include <feedline/transport/device_receiver.hpp>

#include <fmt/format.h>

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
    if (world.rank() == 0) Roles::of(world.size(), options.data_ranks);
  });
  const Roles roles = Roles::of(world.size(), options.data_ranks);
  world.together("look for the folders of the reports", [&] {
    if (!roles.trains(world.rank())) return;
    if (options.summary) check_summary_path(*options.summary);
    if (options.history) check_history_path(*options.history);
    if (options.trace) check_trace_path(*options.trace);
  });
  if (roles.single && options.data_gpu && options.model_gpu) {
    log_warning(
        "--data-gpu and --model-gpu are given, but there is one rank: running in buffered mode. For both "
        "GPUs: "
        "mpirun --bind-to none -np 2 feedline ...");
  }
  return roles;
}

DeviceChoice decide_devices(World& world, const Options& options, const Roles& roles) {
  DeviceChoice choice;
  world.together("choose the devices", [&] {
    if (world.rank() != 0) return;
    const RankInfo& data = world.topology().rank(0);
    const RankInfo& model = world.topology().rank(roles.model_rank());
    const SeenGpus seen{data.gpus, model.gpus, model.gpus_train, roles.single, roles.data_ranks == 1};
    choice = choose_devices(options, seen);
    if (const GpuInfo* gpu = shared_gpu(choice, seen)) {
      log_warning(fmt::format(
          "Both ranks use GPU {} ({}): they take turns on it, and batches go from one to the other "
          "through sockets. That is slow, and for tests only; with one GPU leave --share-gpu out.",
          gpu->ordinal, gpu->name));
    }
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

/// Opens the data and sizes this rank's part of the buffer, on a data rank.
InputPlan prepare_data(const World& world, const Roles& roles, Options options, const DeviceChoice& devices,
                       const FaultPlan& faults, DataSplits& data) {
  const DataShare share{roles.data_ranks, data_ranks_beside(world, roles)};
  options.data.sound.as_waves = gpu_makes_mels(options, devices);
  options.data.cache_sharers = static_cast<std::uint64_t>(share.here);
  data = open_datasets(options, faults);
  if (data.waves) log_info("Spectrograms are made by " + devices.data.name() + " (--mel-device).");
  if (options.data.batch_size_given && options.data.batch_size > data.info.train_size) {
    throw UsageError(fmt::format(
        "--batch-size {} is larger than the training set ({} samples in {}). Give at most {}, or leave it "
        "out: batches then have as many samples as there are.",
        options.data.batch_size, data.info.train_size, options.data.train_data.string(),
        data.info.train_size));
  }
  if (options.checkpoints.folder || options.checkpoints.resume != CheckpointOptions::Resume::kNone ||
      share.ranks > 1)
    data.info.fingerprint = fingerprint_of(data);
  return plan_input(options, data, share);
}

/// The batches that are left to do.
BatchSchedule make_schedule(const Options& options, const DataInfo& info, Checkpoints& checkpoints) {
  const ScheduleOptions schedule = schedule_of(options, info);
  if (!checkpoints.resumed) return BatchSchedule(schedule);
  TrainReport& done = checkpoints.resumed->report;
  if (checkpoints.moved) {
    done.steps = BatchSchedule(schedule).steps_before(done.epochs);
    done.epoch = {};
  }
  return BatchSchedule(schedule, {done.steps, done.epochs});
}

/// The rate would end below what was asked for.
void check_warmup(const Options& options, const BatchSchedule& schedule) {
  if (options.train.synthetic_step_ms || options.warmup_steps.value_or(0) <= schedule.total_steps()) return;
  log_warning(
      fmt::format("--warmup-steps {} is more than the run's {} steps: the learning rate never gets to "
                  "--lr {}.",
                  *options.warmup_steps, schedule.total_steps(), options.train.lr));
}

/// The flags of training, with whatever they leave to the machine and the data.
TrainSettings train_settings(const Options& options, const DeviceChoice& devices,
                             const BatchSchedule& schedule) {
  TrainSettings train(options.train);
  train.device = devices.model.name();
  train.train_threads = options.train_threads.value_or(usable_cores());
  train.warmup_steps = options.warmup_steps.value_or(schedule.total_steps() / 20);
  return train;
}

/// The GPU of this rank's role, and the stream that trains on it.
void open_gpu(Session& session, int rank) {
  const bool trains = session.plan.roles.trains(rank);
  const Device device = trains ? session.plan.devices.model : session.plan.devices.data;
  if (!device.is_cuda()) return;
  session.gpu = open_device(device, rank);
  if (const auto& waves = session.data.waves)
    session.transform = make_mel_transform(waves->batches, waves->mel, *session.gpu, rank);
  if (!trains) return;
  session.compute_stream = session.gpu->make_stream();
  session.train.gpu = session.gpu;
  session.train.stream = session.compute_stream->native();
}

/// From here on batches are copied to the GPU ahead of their use, where they do not arrive there.
void receive_on_gpu(Session& session) {
  Channel& channel = session.channel;
  if (channel.receiver == nullptr || session.gpu == nullptr || traits_of(channel.transport).arrives_on_device)
    return;
  const auto receiver = std::make_shared<DeviceReceiver>(
      ReceivingEnd(channel.receiver, channel.control), session.gpu, *session.compute_stream,
      DeviceReceiver::kSlots, lane_in(session.timeline.trace(), "copies to the GPU"));
  channel.receiver = receiver;
  channel.control = receiver;
}

}  // namespace

Session start_up(World& world, const Options& options, Timeline& timeline) {
  agree_on_flags(world, options);
  const Roles roles = decide_roles(world, options);
  timeline.agree(world, roles);
  const DeviceChoice devices = decide_devices(world, options, roles);

  FaultPlan faults;
  world.together("read FEEDLINE_FAULT", [&] { faults = read_faults(world); });
  DataSplits data;
  std::string news_text;
  StageRange range(timeline.lane(), stage::kOpenData);
  world.together("open the data", [&] {
    if (!roles.prepares_data(world.rank())) return;
    news_text = to_text(prepare_data(world, roles, options, devices, faults, data));
  });
  const InputPlan plan = agree_on_data(world, roles, news_text);
  if (world.rank() == 0) warn_of_idle_flags(options, plan.info.task);
  const Device& device = roles.trains(world.rank()) ? devices.model : devices.data;
  try_needs(world, options, roles, plan.own_workers, device.is_cuda());

  range.next(stage::kFindCheckpoint);
  Checkpoints checkpoints = open_checkpoints(world, options, roles, plan.info);
  range.end();
  const BatchSchedule schedule = make_schedule(options, plan.info, checkpoints);
  if (world.rank() == 0) check_warmup(options, schedule);
  Session session{.plan = {.options = options,
                           .roles = roles,
                           .devices = devices,
                           .data_info = plan.info,
                           .spec = batch_spec_of(plan.info),
                           .schedule = schedule,
                           .buffer = plan.buffer,
                           .workers = plan.workers,
                           .cores = plan.cores,
                           .cache_whole = plan.cache_whole},
                  .timeline = timeline,
                  .train = train_settings(options, devices, schedule),
                  .own_workers = plan.own_workers,
                  .data = std::move(data),
                  .faults = std::move(faults),
                  .checkpoints = std::move(checkpoints)};
  range.next(stage::kPrepareGpu);
  world.together("open the GPU", [&] { open_gpu(session, world.rank()); });
  range.next(stage::kConnect);
  connect_feeds(world, session);
  world.together("prepare the GPU", [&] { receive_on_gpu(session); });
  warn_of_little_memory(roles, world.rank());
  return session;
}

}  // namespace feedline
