#include "choose_devices.hpp"
#include "input_report.hpp"
#include "mel_device.hpp"
#include "open_sets.hpp"
#include "schedule_of.hpp"
#include "session.hpp"
#include "wire.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/data/audio/mel_transform.hpp>
#include <feedline/metrics/stage_range.hpp>
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
  world.together("look for the folders of the reports", [&] {
    if (!roles.trains(world.rank())) return;
    if (options.summary) check_summary_path(*options.summary);
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
    const RankInfo& model = world.topology().rank(roles.first_model_rank());
    const SeenGpus seen{data.gpus, model.gpus, model.gpus_train, roles.single};
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

/// Opens the data and sizes the buffer, on the data side.
DataNews prepare_data(Options options, const DeviceChoice& devices, const FaultPlan& faults,
                      DataSplits& data) {
  options.data.sound.as_waves = gpu_makes_mels(options, devices);
  data = open_sets(options, faults);
  if (data.waves) log_info("Spectrograms are made by " + devices.data.name() + " (--mel-device).");
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
  news.buffer = plan_buffer(prepared_spec_of(data), options.buffer_size, options.buffer_bytes,
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

/// The GPU of this rank's role, and the stream that trains on it.
void open_gpu(Session& session, int rank) {
  const bool trains = session.roles.trains(rank);
  const Device device = trains ? session.devices.model : session.devices.data;
  if (!device.is_cuda()) return;
  session.gpu = open_device(device, rank);
  if (const auto& waves = session.data.waves)
    session.transform = make_mel_transform(waves->batches, waves->mel, *session.gpu, rank);
  if (!trains) return;
  session.training = session.gpu->make_stream();
  session.options.train.gpu = session.gpu;
  session.options.train.stream = session.training->native();
}

/// From here on batches are copied to the GPU ahead of their use, where they do not arrive there.
void receive_on_gpu(Session& session) {
  if (session.channel.receiver == nullptr || session.gpu == nullptr || session.channel.transport == "nccl")
    return;
  session.channel.receiver = std::make_shared<DeviceReceiver>(
      session.channel.receiver, session.gpu, *session.training, DeviceReceiver::kSlots,
      lane_in(session.timeline.trace(), "copies to the GPU"));
}

ChannelRequest channel_request(const Session& session, int data_rank, int model_rank) {
  ChannelRequest request;
  request.transport = session.options.transport;
  request.data_rank = data_rank;
  request.model_rank = model_rank;
  request.spec = session.spec;
  request.depth = session.buffer.batches;
  // Held weakly: it may hold the channel, which must go before MPI does.
  request.on_data_rank_loss = [held = std::weak_ptr(session.take_over)](const std::string& message) {
    const auto take_over = held.lock();
    return take_over && take_over->accept(message);
  };
  request.gpus.both = session.devices.data.is_cuda() && session.devices.model.is_cuda();
  request.gpus.mine = session.gpu;
  request.gpus.uses = session.training.get();
  request.gpus.ctas = session.options.nccl_ctas;
  request.gpus.transform = session.transform;
  if (!request.gpus.both) return request;
  if (session.training == nullptr)
    request.gpus.copies = lane_in(session.timeline.trace(), "copies to the GPU");
  request.gpus.transfers = lane_in(session.timeline.trace(), "transfers between the GPUs");
  return request;
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
  std::unique_ptr<BadSamples> bad;
  std::string news_text;
  StageRange range(timeline.lane(), stage::kOpenData);
  world.together("open the data", [&] {
    if (!roles.prepares_data(world.rank())) return;
    news_text = to_text(prepare_data(options, devices, faults, data));
  });
  const DataNews news = data_news_from(world.broadcast(news_text, 0, "rank 0 to open the data"));

  range.next(stage::kFindCheckpoint);
  Checkpoints checkpoints = open_checkpoints(world, options, roles, news.info);
  if (roles.prepares_data(world.rank())) {
    bad = std::make_unique<BadSamples>(options.data.bad_samples, news.info.train_size + news.info.val_size,
                                       bad_samples_list(options), checkpoints.resumed.has_value(),
                                       options.data.max_bad);
  }
  range.end();
  const BatchSchedule schedule = make_schedule(options, news.info, checkpoints);
  Session session{fill_in(options, devices, schedule),
                  roles,
                  timeline,
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
                  {},
                  {},
                  {},
                  std::make_shared<TakeOver>(),
                  {}};
  range.next(stage::kPrepareGpu);
  world.together("open the GPU", [&] { open_gpu(session, world.rank()); });
  range.next(stage::kConnect);
  for (const auto& [data_rank, model_rank] : roles.pairs())
    session.channel = connect(world, channel_request(session, data_rank, model_rank));
  world.together("prepare the GPU", [&] { receive_on_gpu(session); });
  return session;
}

}  // namespace feedline
