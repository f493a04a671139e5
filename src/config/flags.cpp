#include "flags.hpp"

#include <feedline/common/text.hpp>

#include <fmt/format.h>

namespace feedline::config {
namespace {

FlagGroup mode_flags() {
  return {"Mode and devices",
          {{"data-gpu", "N", "GPU that prepares data; with --model-gpu: Multi-GPU Mode", "none"},
           {"model-gpu", "N", "GPU that trains; with --data-gpu: Multi-GPU Mode", "none"},
           {"device", "D", "where training runs", "auto", {"auto", "cpu", "cuda"}},
           {"data-ranks", "N", "ranks that prepare data; one more trains", "1"},
           {"transport", "T", "how batches travel", "auto", {"auto", "local", "shm", "mpi", "nccl"}},
           {"model-start-delay", "S", "two ranks: seconds for the data side to warm up", "2.0"},
           {"nccl-max-ctas", "N", "most thread blocks of a GPU that NCCL may use", "4"},
           {"share-gpu", "", "both ranks may use the same GPU: slow, for tests only", "off"}}};
}

FlagGroup data_flags() {
  return {"Data",
          {{"train-data", "DIR", "folder of the training data (required)", ""},
           {"val-data", "DIR", "folder of the validation data", "the test files in --train-data, if any"},
           {"val-fraction", "F", "part of the training data held out when there is no other", "0.1"},
           {"task", "T", "kind of data", "auto", {"auto", "image", "audio", "speech"}},
           {"augment", "A", "random changes to pictures and clips", "basic", {"none", "basic", "strong"}},
           {"image-size", "N", "side of the pictures (IDX pictures keep theirs)", "224"},
           {"bad-samples",
            "B",
            "what to do about samples that cannot be read",
            "replace",
            {"replace", "skip", "abort"}},
           {"max-bad", "P", "percent of the samples that may be so; more end the run", "5"}}};
}

FlagGroup input_flags() {
  return {
      "Input pipeline",
      {{"batch-size", "N", "samples a batch", "64"},
       {"num-workers", "N", "threads that prepare samples", "as many as needed, up to the cores there are"},
       {"buffer-size", "N", "batches to prefetch", "50"},
       {"buffer-bytes", "SIZE", "most memory for the buffer, e.g. 3G or 512M", "a quarter of what is free"},
       {"order",
        "O",
        "whether batches wait for slow samples or go on with others",
        "strict",
        {"strict", "ready"}},
       {"cache", "C", "what later epochs are served from", "auto", {"auto", "none", "encoded", "decoded"}},
       {"cache-bytes", "SIZE", "most memory for the cache", "a quarter of what is free"}}};
}

FlagGroup training_flags() {
  return {
      "Training",
      {{"epochs", "N", "times every training sample is shown", "10"},
       {"max-steps", "N", "end after so many optimizer steps; 0: no limit", "0"},
       {"lr", "R", "highest learning rate of the schedule", "0.001"},
       {"warmup-steps", "N", "steps in which the rate rises", "5 % of the steps"},
       {"optimizer", "O", "update rule", "adam", {"sgd", "adam"}},
       {"momentum", "M", "momentum of --optimizer sgd", "0.9"},
       {"weight-decay", "W", "weight decay", "0"},
       {"grad-accum", "N", "optimizer step every N batches", "1"},
       {"drop-last", "", "leave out the last training batch of an epoch when it is short", "off"},
       {"model-size", "S", "built-in model", "normal", {"tiny", "small", "normal", "big"}},
       {"model", "FILE", "TorchScript file to train instead of the built-in model", ""},
       {"precision",
        "P",
        "numbers that the model computes with; tf32 and fp16 on GPUs only",
        "fp32",
        {"fp32", "tf32", "bf16", "fp16"}},
       {"cuda-graphs",
        "G",
        "whether a GPU's steps are recorded once for each shape and replayed",
        "auto",
        {"auto", "off"}},
       {"train-threads", "N", "CPU threads that train", "the cores there are"},
       {"seed", "N", "seed of order, augmentation and first weights", "0"},
       {"synthetic-step-ms", "X",
        "no model: hold each batch X ms with the CPU left free, as a GPU would; 0 measures the input alone",
        ""}}};
}

FlagGroup checkpoint_flags() {
  return {
      "Checkpoints",
      {{"checkpoint-dir", "DIR", "folder of the checkpoints, one at each epoch's end and at a stop", "none"},
       {"checkpoint-every-steps", "N", "write one every N optimizer steps; 0: not by steps", "0"},
       {"checkpoint-every-minutes", "M", "write one every M minutes; 0: not by time",
        "10, or 0 with ...-steps"},
       {"keep-checkpoints", "N", "how many stay, besides the best", "3"},
       {"resume", "WHICH", "go on from: auto (the newest that is sound), none, or a path", "none"},
       {"resume-anyway", "", "go on although data, model or settings are other ones", "off"}}};
}

FlagGroup fault_flags() {
  return {
      "Faults",
      {{"on-data-rank-loss",
        "W",
        "the training rank goes on alone, or saves and ends",
        "auto: takeover where mpirun lets it live",
        {"auto", "takeover", "stop"}},
       {"isolate-decoders", "", "decode in child processes: a crash costs one sample; no cache", "off"},
       {"hang-timeout", "S", "seconds without progress until a rank, or a step after a stop, counts as hung",
        "follows the pace"}}};
}

FlagGroup report_flags() {
  return {"Reports",
          {{"summary", "FILE", "write what the run was and did, as JSON", ""},
           {"history", "FILE", "write a row an epoch, as CSV", "history.csv in --checkpoint-dir, or none"},
           {"trace", "FILE", "write a timeline of all ranks that opens in Perfetto (ui.perfetto.dev)", ""}}};
}

FlagGroup preview_flags() {
  return {"Preview",
          {{"split", "S", "which samples", "train", {"train", "val"}},
           {"output", "DIR",
            "folder for pictures, tensors and names; --max-steps N: that many batches, else 4", ""}}};
}

FlagGroup other_flags() {
  return {"Other",
          {{"config", "FILE", "more flags, 'flag = value' a line; the command line wins", ""},
           {"help", "", "this text; also -h", ""},
           {"version", "", "the program's version", ""}}};
}

}  // namespace

FlagGroup audio_flags() {
  return {"Audio and speech",
          {{"mel-preset", "P", "spectrogram: auto (by sample rate) or a preset, see docs/speech.md", "auto"},
           {"sample-rate", "HZ", "recordings are resampled to this", "the preset's"},
           {"n-fft", "N", "samples a transform", "the preset's"},
           {"win-length", "N", "samples a window", "the preset's"},
           {"hop-length", "N", "samples from a window to the next", "the preset's"},
           {"n-mels", "N", "mel bands", "the preset's"},
           {"f-min", "HZ", "lowest frequency", "the preset's"},
           {"f-max", "HZ", "highest frequency", "the preset's"},
           {"mel-fields", "LIST", "others: window=hamming,power=true, see docs/speech.md", "the preset's"},
           {"mel-device",
            "D",
            "what makes spectrograms: the data rank's GPU, or the CPU; auto: the GPU where there is one",
            "auto",
            {"auto", "cpu", "gpu"}},
           {"channel", "N", "channel that is used, from 0", "the mean of all"},
           {"keep-silent", "", "recordings without any sound are samples too", "off"},
           {"clip-seconds", "S", "clips of the audio task are cut or padded to this", "4"}}};
}

FlagGroup speech_flags() {
  return {
      "Text to speech",
      {{"enable-static-shapes", "", "one shape for all batches", "off: shapes that fit the data"},
       {"max-shapes", "N", "most shapes of batches; more of them pad less", "8"},
       {"max-text-length", "N", "longer texts are left out, never cut", "the longest"},
       {"max-mel-frames", "N", "longer spectrograms are left out, never cut", "30 s, or the longest"},
       {"columns", "LIST", "columns of metadata.csv: id, text, norm, speaker; - is not read", "id,text,norm"},
       {"lang", "L", "language of the texts; fa: Arabic yeh and kaf become Persian", ""},
       {"text-encoding", "E",
        "encoding of metadata.csv: utf-8, windows-1250 to 1258, latin1, iso-8859-2, ...", "utf-8"}}};
}

const std::vector<FlagGroup>& flag_groups() {
  static const std::vector<FlagGroup> groups = {
      mode_flags(),       data_flags(),  input_flags(),  training_flags(), audio_flags(), speech_flags(),
      checkpoint_flags(), fault_flags(), report_flags(), preview_flags(),  other_flags()};
  return groups;
}

const Flag* find_flag(std::string_view name) {
  for (const FlagGroup& group : flag_groups()) {
    for (const Flag& flag : group.flags) {
      if (flag.name == name) return &flag;
    }
  }
  return nullptr;
}

std::vector<std::string> dashed_names() {
  std::vector<std::string> names;
  for (const FlagGroup& group : flag_groups()) {
    for (const Flag& flag : group.flags) names.push_back("--" + flag.name);
  }
  return names;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const auto nearest = nearest_name(word, candidates);
  if (nearest) return "; did you mean " + *nearest + "?";
  for (const std::string& candidate : candidates) {
    if (word.size() > 2 && candidate.starts_with(word)) return "; did you mean " + candidate + "?";
  }
  return "";
}

std::string comma_list(std::span<const std::string> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace feedline::config
