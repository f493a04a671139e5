#pragma once

#include <feedline/loader/loader_plan.hpp>
#include <feedline/transport/channel.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <memory>

namespace feedline {

/// Batches for a training loop that is not feedline's: worker threads read, decode and transform samples
/// ahead of their use, into slots that the loop reads in place.
///
///     feedline::LoaderOptions options;
///     options.data.train_data = "photos/train";
///     options.data.batch_size = 64;
///     options.epochs = 90;
///     feedline::Loader loader(options);
///     while (const feedline::BatchLease batch = loader.next()) {
///       const std::size_t image = batch->layout().index("image");
///       step(batch->tensor(image), batch->header().count);  // uint8 [count, 3, 224, 224]
///     }
///
/// The order of samples and their bytes are those of `feedline train` with the same settings. It starts no
/// process, installs no signal handler and writes to stderr only. A read that the storage never answers
/// blocks it.
///
/// Thread rule: one thread, except for leases (see BatchLease).
class Loader {
 public:
  /// Opens the data and starts the workers. Throws DataError for data that cannot be used, UsageError for
  /// settings that do not fit it.
  explicit Loader(const LoaderOptions& options) : Loader(plan_loader(options)) {}

  /// Starts the workers of a plan.
  explicit Loader(LoaderPlan plan);

  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  /// Ends the workers. Leases may live on.
  ~Loader();

  /// Returns the next batch, in order; an empty lease at the end of the last epoch. Blocks without using the
  /// CPU until it is there. The last batch of an epoch is marked in its header (`last_of_split`). Throws
  /// DataError when the data cannot be used after all, for example when too many samples are bad.
  BatchLease next();

  const DataInfo& info() const noexcept { return input_.data().info; }
  const BatchSpec& spec() const noexcept { return receiver_.spec(); }
  const BatchSchedule& schedule() const noexcept { return input_.schedule(); }

  /// Figures of the input side so far. Any thread.
  InputFigures figures() const { return input_.figures(); }

  /// The bad samples so far. Any thread.
  const BadSamples& bad() const noexcept { return input_.bad(); }

 private:
  std::shared_ptr<SlotRing> ring_;
  RingSender sender_;
  RingReceiver receiver_;
  InputPipeline input_;
};

}  // namespace feedline
