#include "read_options.hpp"

#include "flags.hpp"
#include "parse_value.hpp"

#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/speech/text_encoding.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace feedline::config {
namespace {

constexpr int kMostThreads = 4096;
constexpr int kMostCtas = 32;
constexpr std::uint32_t kSmallestImage = 8;
constexpr std::uint32_t kLargestImage = 4096;
constexpr std::uint32_t kLargestSound = 10'000'000;
constexpr double kLongestDelay = 86400;     // a day, in seconds
constexpr double kLongestStep = 3'600'000;  // an hour, in ms

void read_mode(const FlagValues& values, Options& options) {
  if (const auto* given = values.find("data-gpu")) options.data_gpu = parse_whole<int>(*given, 0);
  if (const auto* given = values.find("model-gpu")) options.model_gpu = parse_whole<int>(*given, 0);
  if (const auto* given = values.find("device")) options.device = given->text;
  if (const auto* given = values.find("data-ranks")) options.data_ranks = parse_whole<int>(*given, 1);
  if (const auto* given = values.find("transport")) options.transport = given->text;
  if (const auto* given = values.find("mel-device")) options.mel_device = given->text;
  if (const auto* given = values.find("model-start-delay")) {
    options.model_start_delay = parse_real(
        *given, [](double s) { return s >= 0 && s <= kLongestDelay; }, "seconds from 0 to 86400");
  }
  if (const auto* given = values.find("share-gpu")) options.share_gpu = given->text == "true";
  if (const auto* given = values.find("nccl-max-ctas")) options.nccl_ctas = parse_whole(*given, 1, kMostCtas);
}

Augment to_augment(const std::string& text) {
  if (text == "none") return Augment::kNone;
  return text == "basic" ? Augment::kBasic : Augment::kStrong;
}

BadSamplePolicy to_policy(const std::string& text) {
  if (text == "replace") return BadSamplePolicy::kReplace;
  return text == "skip" ? BadSamplePolicy::kSkip : BadSamplePolicy::kAbort;
}

CacheKind to_cache(const std::string& text) {
  for (const CacheKind kind : {CacheKind::kNone, CacheKind::kEncoded, CacheKind::kDecoded}) {
    if (text == cache_name(kind)) return kind;
  }
  return CacheKind::kAuto;
}

void read_data(const FlagValues& values, DataOptions& data) {
  if (const auto* given = values.find("train-data")) data.train_data = given->text;
  if (const auto* given = values.find("val-data")) data.val_data = given->text;
  if (const auto* given = values.find("val-fraction")) {
    data.val_fraction = parse_real(
        *given, [](double f) { return f >= 0 && f < 1; }, "a number from 0 to below 1");
  }
  if (const auto* given = values.find("task")) data.task = given->text;
  if (const auto* given = values.find("augment")) data.augment = to_augment(given->text);
  if (const auto* given = values.find("seed")) data.seed = parse_whole<std::uint64_t>(*given, 0);
  if (const auto* given = values.find("image-size"))
    data.image_size = parse_whole<std::uint32_t>(*given, kSmallestImage, kLargestImage);
  if (const auto* given = values.find("bad-samples")) data.bad_samples = to_policy(given->text);
  if (const auto* given = values.find("max-bad")) {
    data.max_bad = 0.01 * parse_real(
                              *given, [](double p) { return p >= 0 && p <= 100; }, "percent, from 0 to 100");
  }
  if (const auto* given = values.find("cache")) data.cache = to_cache(given->text);
  if (const auto* given = values.find("cache-bytes")) data.cache_bytes = parse_size(*given);
}

template <class Number>
void read_count(const FlagValues& values, const char* flag, std::optional<Number>& field, Number lowest = 1) {
  if (const auto* given = values.find(flag)) field = parse_whole<Number>(*given, lowest, kLargestSound);
}

void read_frequency(const FlagValues& values, const char* flag, std::optional<double>& field) {
  if (const auto* given = values.find(flag)) {
    field = parse_real(
        *given, [](double hz) { return hz >= 0; }, "a frequency in Hz, at least 0");
  }
}

void read_sound(const FlagValues& values, SoundOptions& sound) {
  if (const auto* given = values.find("mel-preset")) {
    sound.preset = given->text;
    const auto names = mel_preset_names();
    if (sound.preset != "auto" && std::find(names.begin(), names.end(), sound.preset) == names.end())
      throw_bad_value(*given, "auto, " + fmt::format("{}", fmt::join(names, ", ")));
  }
  read_count(values, "sample-rate", sound.sample_rate);
  read_count(values, "n-fft", sound.n_fft);
  read_count(values, "win-length", sound.win_length);
  read_count(values, "hop-length", sound.hop_length);
  read_count(values, "n-mels", sound.n_mels);
  read_frequency(values, "f-min", sound.f_min);
  read_frequency(values, "f-max", sound.f_max);
  if (const auto* given = values.find("mel-fields")) sound.fields = given->text;
  read_count(values, "channel", sound.channel, 0U);
  if (const auto* given = values.find("keep-silent")) sound.keep_silent = given->text == "true";
  if (const auto* given = values.find("clip-seconds")) {
    sound.clip_seconds = parse_real(
        *given, [](double s) { return s > 0 && s <= 600; }, "seconds, above 0 and up to 600");
  }
}

void read_speech(const FlagValues& values, SpeechOptions& speech) {
  if (const auto* given = values.find("enable-static-shapes")) speech.static_shapes = given->text == "true";
  if (const auto* given = values.find("max-shapes"))
    speech.max_shapes = parse_whole<std::uint32_t>(*given, 1, 64);
  read_count(values, "max-text-length", speech.max_text_length);
  read_count(values, "max-mel-frames", speech.max_mel_frames);
  if (const auto* given = values.find("columns")) speech.columns = given->text;
  if (const auto* given = values.find("lang")) {
    speech.language = given->text;
    if (speech.language != "fa") throw_bad_value(*given, "fa; texts of other languages need no flag");
  }
  if (const auto* given = values.find("text-encoding"))
    speech.text_encoding = parse_text_encoding(given->text).name;
}

void read_input(const FlagValues& values, Options& options) {
  if (const auto* given = values.find("batch-size"))
    options.data.batch_size = parse_whole<std::uint32_t>(*given, 1);
  options.data.batch_size_given = values.find("batch-size") != nullptr;
  if (const auto* given = values.find("num-workers"))
    options.num_workers = parse_whole(*given, 1, kMostThreads);
  if (const auto* given = values.find("buffer-size")) {
    options.buffer_size = parse_whole<std::size_t>(*given, 1, 1'000'000);
  }
  if (const auto* given = values.find("buffer-bytes")) options.buffer_bytes = parse_size(*given);
  if (const auto* given = values.find("order"))
    options.order = given->text == "ready" ? Order::kReady : Order::kStrict;
}

ModelSize to_model_size(const std::string& text) {
  if (text == "tiny") return ModelSize::kTiny;
  if (text == "small") return ModelSize::kSmall;
  return text == "normal" ? ModelSize::kNormal : ModelSize::kBig;
}

void read_model(const FlagValues& values, TrainOptions& train) {
  if (const auto* given = values.find("model-size")) train.model_size = to_model_size(given->text);
  if (const auto* given = values.find("model")) train.model_file = given->text;
  if (const auto* given = values.find("precision")) train.precision = given->text;
  if (const auto* given = values.find("cuda-graphs")) train.graphs = given->text == "auto";
  if (const auto* given = values.find("seed")) train.seed = parse_whole<std::uint64_t>(*given, 0);
  if (const auto* given = values.find("synthetic-step-ms")) {
    train.synthetic_step_ms = parse_real(
        *given, [](double ms) { return ms >= 0 && ms <= kLongestStep; }, "milliseconds from 0 to 3600000");
  }
}

void read_optimizer(const FlagValues& values, TrainOptions& train) {
  if (const auto* given = values.find("optimizer")) {
    train.optimizer = given->text == "sgd" ? OptimizerKind::kSgd : OptimizerKind::kAdam;
  }
  if (const auto* given = values.find("lr")) {
    train.lr = parse_real(
        *given, [](double rate) { return rate > 0; }, "a number above 0");
  }
  if (const auto* given = values.find("momentum")) {
    train.momentum = parse_real(
        *given, [](double m) { return m >= 0 && m < 1; }, "a number from 0 to below 1");
  }
  if (const auto* given = values.find("weight-decay")) {
    train.weight_decay = parse_real(
        *given, [](double decay) { return decay >= 0; }, "a number, at least 0");
  }
}

void read_length(const FlagValues& values, Options& options) {
  if (const auto* given = values.find("epochs")) options.epochs = parse_whole<std::uint32_t>(*given, 1);
  if (const auto* given = values.find("max-steps")) options.max_steps = parse_whole<std::uint64_t>(*given, 0);
  if (const auto* given = values.find("grad-accum"))
    options.grad_accum = parse_whole<std::uint32_t>(*given, 1);
  if (const auto* given = values.find("drop-last")) options.drop_last = given->text == "true";
  if (const auto* given = values.find("warmup-steps"))
    options.warmup_steps = parse_whole<std::uint64_t>(*given, 0);
  if (const auto* given = values.find("train-threads")) {
    options.train_threads = parse_whole(*given, 1, kMostThreads);
  }
}

void read_checkpoints(const FlagValues& values, CheckpointOptions& checkpoints) {
  using Resume = CheckpointOptions::Resume;
  if (const auto* given = values.find("checkpoint-dir")) checkpoints.folder = given->text;
  if (const auto* given = values.find("checkpoint-every-steps"))
    checkpoints.every_steps = parse_whole<std::uint64_t>(*given, 0);
  if (const auto* given = values.find("checkpoint-every-minutes")) {
    checkpoints.every_minutes = parse_real(
        *given, [](double m) { return m >= 0 && m <= kLongestDelay; }, "minutes from 0 to 86400");
  }
  if (const auto* given = values.find("keep-checkpoints"))
    checkpoints.keep = parse_whole<std::size_t>(*given, 1);
  if (const auto* given = values.find("resume"); given != nullptr && given->text != "none") {
    checkpoints.resume = given->text == "auto" ? Resume::kAuto : Resume::kPath;
    if (checkpoints.resume == Resume::kPath) checkpoints.resume_path = given->text;
  }
  if (const auto* given = values.find("resume-anyway")) checkpoints.resume_anyway = given->text == "true";
}

void read_faults(const FlagValues& values, Options& options) {
  if (const auto* given = values.find("on-data-rank-loss")) {
    options.on_data_rank_loss = given->text == "auto"       ? HandOver::kAuto
                                : given->text == "takeover" ? HandOver::kTakeover
                                                            : HandOver::kStop;
  }
  if (const auto* given = values.find("isolate-decoders")) options.isolate_decoders = given->text == "true";
  if (const auto* given = values.find("hang-timeout")) {
    options.hang_timeout = parse_real(
        *given, [](double s) { return s >= 1 && s <= kLongestDelay; }, "seconds from 1 to 86400");
  }
}

}  // namespace

Options read_options(const FlagValues& values) {
  for (const FlagGroup& group : flag_groups()) {
    for (const Flag& flag : group.flags) {
      if (const auto* given = values.find(flag.name)) check_choice(*given);
    }
  }
  Options options;
  read_mode(values, options);
  read_data(values, options.data);
  read_sound(values, options.data.sound);
  read_speech(values, options.data.speech);
  read_input(values, options);
  read_model(values, options.train);
  read_optimizer(values, options.train);
  read_length(values, options);
  read_checkpoints(values, options.checkpoints);
  read_faults(values, options);
  if (const auto* given = values.find("summary")) options.summary = given->text;
  if (const auto* given = values.find("history")) options.history = given->text;
  if (const auto* given = values.find("trace")) options.trace = given->text;
  options.data.shown_again = options.epochs > 1;
  return options;
}

}  // namespace feedline::config
