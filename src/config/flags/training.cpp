#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/limits.hpp"
#include "flags/members.hpp"

namespace feedline::config {
namespace {

constexpr double kLongestStep = 3'600'000;  // an hour in ms

Field optimizer() {
  return choice(in_train(&TrainOptions::optimizer),
                {{"sgd", OptimizerKind::kSgd}, {"adam", OptimizerKind::kAdam}});
}

Field model_size() {
  using enum ModelSize;
  return noted(choice(in_train(&TrainOptions::model_size),
                      {{"tiny", kTiny}, {"small", kSmall}, {"normal", kNormal}, {"big", kBig}}),
               &Options::model_size_given);
}

/// Of the data and of the training.
Field seed() {
  Field field = whole(in_data(&DataOptions::seed), 0);
  field.read = [read = field.read](const GivenFlag& given, Options& options) {
    read(given, options);
    options.train.seed = options.data.seed;
  };
  return field;
}

}  // namespace

FlagGroup training_flags() {
  using enum OnResume;
  return {
      "Training",
      {Flag{"epochs", "N", kMayChange, "times every training sample is shown", whole(&Options::epochs, 1)},
       Flag{"max-steps", "N", kMayChange, "end after so many optimizer steps; 0: no limit",
            whole(&Options::max_steps, 0)},
       Flag{"lr", "R", kMayChange, "highest learning rate of the schedule",
            real(in_train(&TrainOptions::lr), above(0), "a number")},
       Flag{"warmup-steps", "N", kMayChange, "steps in which the rate rises",
            whole(&Options::warmup_steps, 0), "5 % of the steps"},
       Flag{"optimizer", "O", kMustMatch, "update rule", optimizer()},
       Flag{"momentum", "M", kMayChange, "momentum of --optimizer sgd",
            real(in_train(&TrainOptions::momentum), from(0).below(1), "a number")},
       Flag{"weight-decay", "W", kMayChange, "weight decay",
            real(in_train(&TrainOptions::weight_decay), from(0), "a number")},
       Flag{"grad-accum", "N", kSameBatches, "optimizer step every N batches",
            whole(&Options::grad_accum, 1)},
       Flag{"drop-last", "", kSameBatches, "leave out the last training batch of an epoch when it is short",
            toggle(&Options::drop_last)},
       Flag{"model-size", "S", kNotCompared, "built-in model", model_size()},
       Flag{"model", "FILE", kNotCompared, "TorchScript file to train instead of the built-in model",
            text(in_train(&TrainOptions::model_file))},
       Flag{"precision", "P", kMustMatch, "numbers that the model computes with; tf32 and fp16 on GPUs only",
            word(in_train(&TrainOptions::precision), {"fp32", "tf32", "bf16", "fp16"})},
       Flag{"cuda-graphs", "G", kNotCompared,
            "whether a GPU's steps are recorded once for each shape and replayed",
            choice(in_train(&TrainOptions::graphs), {{"auto", true}, {"off", false}})},
       Flag{"train-threads", "N", kMayChange, "CPU threads that train",
            whole(&Options::train_threads, 1, kMostThreads), "the cores there are"},
       Flag{"seed", "N", kMustMatch, "seed of order, augmentation and first weights", seed()},
       Flag{"synthetic-step-ms", "X", kNotCompared,
            "no model: hold each batch X ms with the CPU left free, as a GPU would; 0 measures the input "
            "alone",
            real(in_train(&TrainOptions::synthetic_step_ms), from(0).to(kLongestStep), "milliseconds")}}};
}

}  // namespace feedline::config
