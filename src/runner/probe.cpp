#include "outcome.hpp"
#include "predict.hpp"
#include "probe_measure.hpp"

#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>
#include <feedline/runner/commands.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

/// Flags that the recommendation sets itself, or that do not belong to a run.
constexpr std::array<std::string_view, 5> kReplaced = {"--num-workers", "--cache", "--summary", "--transport",
                                                       "--buffer-size"};

/// The given flags but those, each with its value.
std::string kept_arguments(const std::vector<std::string>& arguments) {
  std::string text;
  bool dropping = false;
  for (const std::string& word : arguments) {
    if (word.starts_with("--")) {
      const std::string_view name = std::string_view(word).substr(0, word.find('='));
      dropping = std::find(kReplaced.begin(), kReplaced.end(), name) != kReplaced.end();
    }
    if (dropping) continue;
    const bool plain = word.find_first_of(" \t'\"\\$&;|<>()*?") == std::string::npos;
    text += ' ' + (plain ? word : "'" + word + "'");
  }
  return text;
}

/// Batches of the asked size that fit into memory, as in a run.
std::size_t buffer_that_fits(const Options& options, std::uint64_t batch_bytes) {
  const std::uint64_t available = available_memory();
  const std::uint64_t most = std::min(options.buffer_bytes.value_or(available / 4), available);
  return std::clamp<std::size_t>(most / std::max<std::uint64_t>(batch_bytes, 1), 1, options.buffer_size);
}

std::string command_line(const ProbeCommand& command, const Recommendation& advice, std::size_t buffer) {
  std::string text = advice.two_ranks ? "mpirun --bind-to none -np 2 feedline train" : "feedline train";
  text += kept_arguments(command.options.arguments) + fmt::format(" --num-workers {}", advice.workers);
  text += fmt::format(" --buffer-size {}", buffer);
  if (!advice.cache.empty()) text += " --cache " + advice.cache;
  return text;
}

std::string milliseconds(double seconds) {
  return fmt::format("{:.3f} ms", seconds * 1e3);
}

void tell(const ProbeFigures& f, const std::vector<Prediction>& predictions) {
  say("Measured");
  if (f.decode_s > 0) {
    say(fmt::format(
        "  A sample     read {} ({} from a cold disk), decode {}, transform {}, collate 0 (made in place)",
        milliseconds(f.read_s), milliseconds(f.read_cold_s), milliseconds(f.decode_s),
        milliseconds(f.transform_s)));
  }
  say(fmt::format("  Input        {:.0f} samples/s with one worker, {:.0f} with {} cores{}", f.input_one,
                  f.input_all, f.cores,
                  f.input_cached > 0 ? fmt::format(", {:.0f} once cached", f.input_cached) : ""));
  say(fmt::format("  Training     {:.0f} samples/s with batches held in memory: the ceiling", f.training));
  say(fmt::format("  Link         {}/s between two ranks of this machine (shm); a batch is {}",
                  format_bytes(static_cast<std::uint64_t>(f.link)), format_bytes(f.batch_bytes)));
  say("Predicted");
  for (const Prediction& p : predictions)
    say(fmt::format("  {:>8.0f} samples/s, training busy {:>3.0f} %: {}", p.samples_per_s, p.busy * 100,
                    p.words));
}

void write_json(const std::filesystem::path& path, const ProbeFigures& f,
                const std::vector<Prediction>& predictions, const std::string& recommended) {
  nlohmann::ordered_json ways;
  for (const Prediction& p : predictions)
    ways[p.mode] = {{"samples_per_s", p.samples_per_s}, {"busy", p.busy}};
  const nlohmann::ordered_json json = {
      {"sample_s",
       {{"read_cold", f.read_cold_s},
        {"read", f.read_s},
        {"decode", f.decode_s},
        {"transform", f.transform_s}}},
      {"input_samples_per_s",
       {{"one_worker", f.input_one}, {"all_cores", f.input_all}, {"cached", f.input_cached}}},
      {"training_samples_per_s", f.training},
      {"link_bytes_per_s", f.link},
      {"predictions", ways},
      {"recommended", recommended}};
  std::ofstream file(path);
  file << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  file.close();
  if (!file) throw UsageError("Cannot write --summary " + path.string() + ". Check folder and permissions.");
}

void probe(const ProbeCommand& command) {
  const ProbeFigures figures = measure(command.options);
  const std::vector<Prediction> predictions = predict(figures);
  const Recommendation advice = recommend(figures);
  const std::string recommended =
      command_line(command, advice, buffer_that_fits(command.options, figures.batch_bytes));
  tell(figures, predictions);
  say("Recommended, since " + advice.why + ":\n  " + recommended);
  if (command.options.summary) write_json(*command.options.summary, figures, predictions, recommended);
}

}  // namespace

ExitCode run_probe(const ProbeCommand& command) {
  Outcome outcome;
  capture(outcome, [&] { probe(command); });
  return outcome.code;
}

}  // namespace feedline
