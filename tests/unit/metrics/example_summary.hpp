#pragma once

#include <feedline/metrics/summary.hpp>

namespace feedline {

/// A two-rank run with every field filled in.
inline Summary example_summary() {
  Summary s;
  s.mode = "multi";
  s.world = {1, 1, 1};
  s.transport = "shm";
  s.model = "tiny";
  s.parameters = 52138;
  s.epochs = 2;
  s.steps = 1876;
  s.samples = 120000;
  s.startup_s = 4;
  s.first_batch_s = 1.5;
  s.wall_s = 40;
  s.step_s = 38;
  s.data_wait_s = 1;
  s.val_s = 2;
  s.busy = 0.95;
  s.samples_per_s = 3000;
  s.input = {2, 50, 50 << 20, 0, 0, 0.75, 0.25, 4000};
  s.link = {std::uint64_t{90} << 20, 0.5};
  s.loss = {2.5f, 0.25f};
  s.val_loss = 0.5;
  s.val_metrics = {{"accuracy", 0.875}};
  s.sample_digest = 0xabc;
  s.loss_digest = 0x1234567890abcdef;
  s.peak_rss_data = 100 << 20;
  s.peak_rss_model = 400 << 20;
  return s;
}

}  // namespace feedline
