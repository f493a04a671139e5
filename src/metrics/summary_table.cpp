#include "figures.hpp"

#include <feedline/common/text.hpp>
#include <feedline/metrics/summary.hpp>

#include <fmt/format.h>

namespace feedline {
namespace {

constexpr double kHardlyAny = 0.05;

void row(std::string& table, const char* name, const std::string& text) {
  table += fmt::format("  {:<11} {}\n", name, text);
}

std::string ranks(int count, const char* kind) {
  return fmt::format("{} {} rank{}", count, kind, count == 1 ? "" : "s");
}

std::string run_text(const Summary& s) {
  if (s.mode == "single") return "Single-GPU Buffered Mode, one rank";
  std::string text = fmt::format("Multi-GPU Mode, {} and {} over {}", ranks(s.world.data_ranks, "data"),
                                 ranks(s.world.model_ranks, "model"), s.transport);
  if (s.world.nodes > 1) text += fmt::format(", {} nodes", s.world.nodes);
  return text;
}

std::string time_text(const Summary& s) {
  std::string text = format_duration(s.wall_s) + " training";
  if (s.val_s > 0) text += fmt::format(", {} validation", format_duration(s.val_s));
  if (s.checkpoint_s > 0) text += fmt::format(", {} checkpoints", format_duration(s.checkpoint_s));
  return text + fmt::format("; first step {} after the start", format_duration(s.startup_s));
}

std::string waiting_text(const Summary& s) {
  std::string text = percent(s.busy) + " of the training time";
  if (s.wall_s > 0) {
    text += fmt::format("; waited {} ({}) for data", format_duration(s.data_wait_s),
                        percent(s.data_wait_s / s.wall_s));
  }
  return text;
}

std::string input_text(const Summary::Input& input) {
  std::string text = counted(static_cast<std::uint64_t>(input.workers), "worker");
  if (input.mean_active > 0 && input.mean_active < input.workers - kHardlyAny)
    text += fmt::format(" ({:.1f} active on average)", input.mean_active);
  if (input.samples_per_s > 0) text += fmt::format(", can prepare {} samples/s", rate(input.samples_per_s));
  return text;
}

std::string buffer_text(const Summary::Input& input) {
  return fmt::format("{} ({}), {} full on average, {} at least",
                     counted(input.buffer_batches, "batch", "batches"), format_bytes(input.buffer_bytes),
                     percent(input.occupancy_mean), percent(input.occupancy_min));
}

std::string validation_text(const Summary& s) {
  std::string text = s.val_loss ? fmt::format("loss {:.4f}", *s.val_loss) : "";
  for (const auto& [name, value] : s.val_metrics) {
    text += fmt::format("{}{} {:.4f}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

std::string link_text(const Summary::Link& link) {
  std::string text = fmt::format("{} at {}/s", format_bytes(link.bytes),
                                 format_bytes(static_cast<std::uint64_t>(link.gbytes_per_s * 1e9)));
  if (link.transfer_s > 0) {
    text += fmt::format("; copied to the GPU in {}, sent in {}, both at once for {}",
                        format_duration(link.copy_s), format_duration(link.transfer_s),
                        format_duration(link.both_s));
  }
  return text;
}

void add_training(std::string& table, const Summary& s) {
  row(table, "Trained",
      fmt::format("{}, {}, {}", counted(s.epochs, "epoch"), counted(s.steps, "step"),
                  counted(s.samples, "sample")));
  row(table, "Time", time_text(s));
  row(table, "Speed", rate(s.samples_per_s) + " samples/s");
  row(table, "Busy", waiting_text(s));
}

void add_input(std::string& table, const Summary& s) {
  row(table, "Input", input_text(s.input));
  row(table, "Buffer", buffer_text(s.input));
  if (s.input.cache_bytes > 0) {
    row(table, "Cache",
        fmt::format("{}; {} came from it", format_bytes(s.input.cache_bytes),
                    counted(s.input.cache_hits, "sample")));
  }
  if (s.bad_replaced + s.bad_skipped > 0) {
    row(table, "Bad samples", fmt::format("{} replaced, {} skipped", s.bad_replaced, s.bad_skipped));
  }
  if (s.link.bytes > 0) row(table, "Link", link_text(s.link));
}

void add_results(std::string& table, const Summary& s) {
  if (s.loss.first && s.loss.last)
    row(table, "Loss", fmt::format("{:.4f} -> {:.4f}", *s.loss.first, *s.loss.last));
  if (const std::string text = validation_text(s); !text.empty()) row(table, "Validation", text);
}

std::string memory_text(const Summary& s) {
  std::string text = s.mode == "single"
                         ? format_bytes(s.peak_rss_model) + " at most"
                         : fmt::format("data rank {}, model rank {} at most", format_bytes(s.peak_rss_data),
                                       format_bytes(s.peak_rss_model));
  if (s.gpu_bytes > 0) text += fmt::format("; buffers on the GPU {}", format_bytes(s.gpu_bytes));
  return text;
}

}  // namespace

std::string format_table(const Summary& s) {
  std::string table = s.exit == "done" ? "Summary\n" : fmt::format("Summary ({})\n", s.exit);
  row(table, "Mode", run_text(s));
  row(table, "Devices", fmt::format("data on {}, training on {}", s.data_device, s.model_device));
  const std::string parameters =
      s.parameters > 0 ? ", " + counted(static_cast<std::uint64_t>(s.parameters), "parameter") : "";
  row(table, "Model", fmt::format("{} ({} task){}", s.model, s.task, parameters));
  add_training(table, s);
  add_input(table, s);
  add_results(table, s);
  row(table, "Memory", memory_text(s));
  return table;
}

}  // namespace feedline
