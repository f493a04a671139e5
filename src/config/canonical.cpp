#include <feedline/config/options.hpp>

#include <fmt/format.h>

#include <array>

namespace feedline {
namespace {

template <class Value>
void line(std::string& text, const char* flag, const Value& value) {
  text += fmt::format("--{} {}\n", flag, value);
}

template <class Value>
void line(std::string& text, const char* flag, const std::optional<Value>& value) {
  value ? line(text, flag, *value) : line(text, flag, "unset");
}

void line(std::string& text, const char* flag, const std::optional<std::filesystem::path>& value) {
  line(text, flag, value ? value->string() : "unset");
}

const char* name(Augment augment) {
  if (augment == Augment::kNone) return "none";
  return augment == Augment::kBasic ? "basic" : "strong";
}

const char* name(BadSamplePolicy policy) {
  if (policy == BadSamplePolicy::kReplace) return "replace";
  return policy == BadSamplePolicy::kSkip ? "skip" : "abort";
}

const char* name(ModelSize size) {
  constexpr std::array names = {"tiny", "small", "normal", "big"};
  return names[static_cast<std::size_t>(size)];
}

void add_mode(std::string& text, const Options& options) {
  line(text, "data-gpu", options.data_gpu);
  line(text, "model-gpu", options.model_gpu);
  line(text, "device", options.device);
  line(text, "data-ranks", options.data_ranks);
  line(text, "transport", options.transport);
  line(text, "mel-device", options.mel_device);
  line(text, "model-start-delay", options.model_start_delay);
  line(text, "nccl-max-ctas", options.nccl_ctas);
  line(text, "share-gpu", options.share_gpu);
}

void add_data(std::string& text, const DataOptions& data) {
  line(text, "train-data", data.train_data.string());
  line(text, "val-data", data.val_data);
  line(text, "val-fraction", data.val_fraction);
  line(text, "task", data.task);
  line(text, "augment", name(data.augment));
  line(text, "image-size", data.image_size);
  line(text, "bad-samples", name(data.bad_samples));
  line(text, "max-bad", 100 * data.max_bad);
  line(text, "cache", cache_name(data.cache));
  line(text, "cache-bytes", data.cache_bytes);
  line(text, "seed", data.seed);
}

void add_sound(std::string& text, const SoundOptions& sound) {
  line(text, "mel-preset", sound.preset);
  line(text, "sample-rate", sound.sample_rate);
  line(text, "n-fft", sound.n_fft);
  line(text, "win-length", sound.win_length);
  line(text, "hop-length", sound.hop_length);
  line(text, "n-mels", sound.n_mels);
  line(text, "f-min", sound.f_min);
  line(text, "f-max", sound.f_max);
  line(text, "mel-fields", sound.fields.empty() ? "unset" : sound.fields);
  line(text, "channel", sound.channel);
  line(text, "keep-silent", sound.keep_silent ? "true" : "false");
  line(text, "clip-seconds", sound.clip_seconds);
}

void add_speech(std::string& text, const SpeechOptions& speech) {
  line(text, "enable-static-shapes", speech.static_shapes ? "true" : "false");
  line(text, "max-shapes", speech.max_shapes);
  line(text, "max-text-length", speech.max_text_length);
  line(text, "max-mel-frames", speech.max_mel_frames);
  line(text, "columns", speech.columns.empty() ? "unset" : speech.columns);
  line(text, "lang", speech.language.empty() ? "unset" : speech.language);
  line(text, "text-encoding", speech.text_encoding);
}

void add_input(std::string& text, const Options& options) {
  line(text, "batch-size", options.data.batch_size);
  line(text, "num-workers", options.num_workers);
  line(text, "buffer-size", options.buffer_size);
  line(text, "buffer-bytes", options.buffer_bytes);
  line(text, "order", options.order == Order::kReady ? "ready" : "strict");
}

void add_training(std::string& text, const Options& options) {
  const TrainOptions& train = options.train;
  line(text, "epochs", options.epochs);
  line(text, "max-steps", options.max_steps);
  line(text, "lr", train.lr);
  line(text, "warmup-steps", options.warmup_steps);
  line(text, "optimizer", train.optimizer == OptimizerKind::kSgd ? "sgd" : "adam");
  line(text, "momentum", train.momentum);
  line(text, "weight-decay", train.weight_decay);
  line(text, "grad-accum", options.grad_accum);
  line(text, "drop-last", options.drop_last ? "true" : "false");
  line(text, "model-size", name(train.model_size));
  line(text, "model", train.model_file);
  line(text, "precision", train.precision);
  line(text, "cuda-graphs", train.graphs ? "auto" : "off");
  line(text, "train-threads", options.train_threads);
  line(text, "synthetic-step-ms", train.synthetic_step_ms);
}

std::string resume_text(const CheckpointOptions& checkpoints) {
  if (checkpoints.resume == CheckpointOptions::Resume::kPath) return checkpoints.resume_path.string();
  return checkpoints.resume == CheckpointOptions::Resume::kAuto ? "auto" : "none";
}

void add_checkpoints(std::string& text, const CheckpointOptions& checkpoints) {
  line(text, "checkpoint-dir", checkpoints.folder);
  line(text, "checkpoint-every-steps", checkpoints.every_steps);
  line(text, "checkpoint-every-minutes", checkpoints.every_minutes);
  line(text, "keep-checkpoints", checkpoints.keep);
  line(text, "resume", resume_text(checkpoints));
  line(text, "resume-anyway", checkpoints.resume_anyway ? "true" : "false");
}

const char* name(HandOver hand_over) {
  if (hand_over == HandOver::kAuto) return "auto";
  return hand_over == HandOver::kTakeover ? "takeover" : "stop";
}

}  // namespace

std::string canonical(const Options& options) {
  std::string text;
  add_mode(text, options);
  add_data(text, options.data);
  add_sound(text, options.data.sound);
  add_speech(text, options.data.speech);
  add_input(text, options);
  add_training(text, options);
  add_checkpoints(text, options.checkpoints);
  line(text, "on-data-rank-loss", name(options.on_data_rank_loss));
  line(text, "isolate-decoders", options.isolate_decoders ? "true" : "false");
  line(text, "hang-timeout", options.hang_timeout);
  line(text, "summary", options.summary);
  line(text, "history", options.history);
  line(text, "trace", options.trace);
  return text;
}

}  // namespace feedline
