#include "outcome.hpp"
#include "schedule_of.hpp"

#include <feedline/batch/slot_pool.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/data/image/contact_sheet.hpp>
#include <feedline/data/sample_loader.hpp>
#include <feedline/data/sampler.hpp>
#include <feedline/engine/batch_file.hpp>
#include <feedline/runner/run.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace feedline {
namespace {

constexpr std::uint64_t kBatches = 4;

/// Fills slots as the workers of a run do, one sample after the other.
class Preview {
 public:
  explicit Preview(const PreviewCommand& command)
      : command_(command),
        data_(open_data(data_options(command))),
        bad_(command.options.data.bad_samples, data_.info.train_size + data_.info.val_size),
        train_(command.split == Split::kTrain),
        loader_(train_ ? data_.train : data_.val, bad_),
        schedule_(schedule_of(one_epoch(command.options), data_.info)),
        spec_(batch_spec_of(data_.info)),
        memory_(Mapping::anonymous(SlotPool::bytes_needed(spec_, 1))),
        pool_(memory_.bytes(), spec_, 1) {}

  void write_all() {
    const std::uint64_t size = loader_.dataset().size();
    if (size == 0)
      throw UsageError(
          "--split val: there is no validation data. Give --val-data or a --val-fraction above 0.");
    make_output();
    const std::uint64_t wanted = command_.options.max_steps > 0 ? command_.options.max_steps : kBatches;
    const std::uint64_t first = train_ ? 0 : schedule_.train_batches(0);
    const std::uint64_t batches =
        std::min(wanted, train_ ? schedule_.train_batches(0) : schedule_.val_batches());
    for (std::uint64_t number = 0; number < batches; ++number) write(number, schedule_.plan(first + number));
    say(fmt::format("Wrote batch_0 to batch_{} (.png, .pt, .json) to {}.", batches - 1,
                    command_.output.string()));
  }

 private:
  static DataOptions data_options(const PreviewCommand& command) {
    DataOptions options = command.options.data;
    options.cache = CacheKind::kNone;
    return options;
  }

  void make_output() const {
    std::error_code error;
    std::filesystem::create_directories(command_.output, error);
    if (error) {
      throw UsageError(fmt::format("--output {}: the folder cannot be made: {}.", command_.output.string(),
                                   error.message()));
    }
  }

  static Options one_epoch(Options options) {
    options.epochs = 1;
    options.max_steps = 0;
    return options;
  }

  std::uint64_t id_at(std::uint64_t position) const {
    const RandomSampler sampler(loader_.dataset().groups(), command_.options.data.seed);
    return loader_.dataset().in_line(train_ ? sampler(0, position) : position);
  }

  void write(std::uint64_t number, const BatchPlan& plan) {
    const Slot slot = pool_.slot(0);
    slot.begin(plan.info);
    std::vector<std::uint64_t> shown;
    std::vector<std::uint8_t> dropped(plan.info.count, 0);
    for (std::uint32_t row = 0; row < plan.info.count; ++row) {
      if (const auto id = load(slot, row, id_at(plan.first_position + row))) {
        shown.push_back(*id);
      } else {
        dropped[row] = 1;
      }
    }
    slot.drop_rows(dropped);
    slot.seal();
    write_files(command_.output / fmt::format("batch_{}", number), slot, shown);
  }

  std::optional<std::uint64_t> load(const Slot& slot, std::uint32_t row, std::uint64_t id) {
    std::array<std::span<std::byte>, kMaxTensors> places;
    const std::size_t count = slot.layout().tensors().size();
    for (std::size_t i = 0; i < count; ++i) places[i] = slot.row(i, row);
    const auto loaded = loader_.load({command_.options.data.seed, 0, id}, std::span(places).first(count));
    if (loaded) slot.sample_ids()[row] = loader_.dataset().sample_id(*loaded);
    return loaded;
  }

  std::int64_t label(const Slot& slot, std::uint32_t row) const {
    std::int64_t value = 0;
    std::memcpy(&value, slot.row(slot.layout().index("label"), row).data(), sizeof value);
    return value;
  }

  void write_files(const std::filesystem::path& stem, const Slot& slot,
                   const std::vector<std::uint64_t>& shown) const {
    nlohmann::ordered_json samples = nlohmann::ordered_json::array();
    std::vector<std::string> captions;
    for (std::uint32_t row = 0; row < shown.size(); ++row) {
      const std::int64_t number = label(slot, row);
      const auto at = static_cast<std::size_t>(number);
      samples.push_back({{"id", slot.sample_ids()[row]},
                         {"path", loader_.dataset().describe(shown[row])},
                         {"label", number}});
      captions.push_back(at < data_.class_names.size() ? data_.class_names[at] : std::to_string(number));
    }
    write_batch_file(stem.native() + ".pt", slot);
    write_contact_sheet(stem.native() + ".png", slot, captions);
    std::ofstream file(stem.native() + ".json");
    const nlohmann::ordered_json list = {{"samples", samples}};
    file << list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    file.close();
    if (!file)
      throw UsageError("Cannot write " + stem.string() + ".json. Check folder, permissions and space.");
  }

  const PreviewCommand& command_;
  DataSplits data_;
  BadSamples bad_;
  bool train_;
  SampleLoader loader_;
  BatchSchedule schedule_;
  BatchSpec spec_;
  Mapping memory_;
  SlotPool pool_;
};

}  // namespace

ExitCode run_preview(const PreviewCommand& command) {
  Outcome outcome;
  capture(outcome, [&] { Preview(command).write_all(); });
  return outcome.code;
}

}  // namespace feedline
