#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/members.hpp"

namespace feedline::config {
namespace {

constexpr std::uint32_t kSmallestImage = 8;
constexpr std::uint32_t kLargestImage = 4096;

Field augment() {
  return choice(in_data(&DataOptions::augment),
                {{"none", Augment::kNone}, {"basic", Augment::kBasic}, {"strong", Augment::kStrong}});
}

Field bad_samples() {
  using enum BadSamplePolicy;
  return choice(in_data(&DataOptions::bad_samples),
                {{"replace", kReplace}, {"skip", kSkip}, {"abort", kAbort}});
}

/// A part of 1 that the user knows in percent.
Field max_bad() {
  return {[](const GivenFlag& given, Options& options) {
            options.data.max_bad = 0.01 * parse_real(given, from(0).to(100), "percent,");
          },
          [](const Options& options) { return text_of(100 * options.data.max_bad); }};
}

/// The name of a task, or "auto", which is none.
Field task() {
  constexpr const char* kAuto = "auto";
  Field field{
      .read = [](const GivenFlag& given, Options& options) { options.data.task = parse_task(given.text); },
      .write = [](const Options& options) -> std::string {
        return options.data.task ? std::string(task_name(*options.data.task)) : kAuto;
      },
      .choices = {kAuto}};
  for (const Task each : kTasks) field.choices.emplace_back(task_name(each));
  return field;
}

}  // namespace

FlagGroup data_flags() {
  using enum OnResume;
  return {
      "Data",
      {Flag{"train-data", "DIR", kNotCompared, "folder of the training data (required)",
            text(in_data(&DataOptions::train_data))},
       Flag{"val-data", "DIR", kNotCompared, "folder of the validation data",
            text(in_data(&DataOptions::val_data)), "the test files in --train-data, if any"},
       Flag{"val-fraction", "F", kNotCompared, "part of the training data held out when there is no other",
            real(in_data(&DataOptions::val_fraction), from(0).below(1), "a number")},
       Flag{"task", "T", kNotCompared, "kind of data", task()},
       Flag{"augment", "A", kMustMatch, "random changes to pictures and clips", augment()},
       Flag{"image-size", "N", kMustMatch, "side of the pictures (IDX pictures keep theirs)",
            whole(in_data(&DataOptions::image_size), kSmallestImage, kLargestImage), "224"},
       Flag{"bad-samples", "B", kMustMatch, "what to do about samples that cannot be read", bad_samples()},
       Flag{"max-bad", "P", kNotCompared, "percent of the samples that may be so; more end the run",
            max_bad()}}};
}

}  // namespace feedline::config
