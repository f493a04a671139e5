#include "checkpoints.hpp"
#include "idle_flags.hpp"
#include "outcome.hpp"
#include "schedule_of.hpp"

#include <feedline/batch/slot_pool.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/data/picture/contact_sheet.hpp>
#include <feedline/data/picture/spectrogram_sheet.hpp>
#include <feedline/data/speech/vocabulary.hpp>
#include <feedline/engine/batch_file.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/pipeline/batch_filler.hpp>
#include <feedline/runner/commands.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
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
        bad_(command.options.data.bad_samples, data_.info.train_size + data_.info.val_size, std::nullopt,
             false, command.options.data.max_bad),
        train_(command.split == Split::kTrain),
        filler_(data_.train, data_.val, bad_, command.options.data.seed),
        schedule_(schedule_of(one_epoch(command.options), data_.info)),
        spec_(batch_spec_of(data_.info)),
        memory_(Mapping::anonymous(SlotPool::bytes_needed(spec_, 1))),
        pool_(memory_.bytes(), spec_, 1) {
    warn_of_idle_flags(command.options, data_.info.task);
    if (data_.info.task == Task::kSpeech) vocabulary_ = Vocabulary::from_text(data_.info.vocabulary);
    if (command.options.checkpoints.resume == CheckpointOptions::Resume::kPath) load_model();
  }

  void write_all() {
    const std::uint64_t size = dataset().size();
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
  const Dataset& dataset() const { return filler_.dataset(command_.split); }

  static DataOptions data_options(const PreviewCommand& command) {
    DataOptions options = command.options.data;
    options.cache = CacheKind::kNone;
    return options;
  }

  /// The model of a checkpoint, of which pictures are shown beside what was recorded.
  void load_model() {
    TrainSettings train(command_.options.train);
    train.device = "cpu";
    train.precision = "fp32";
    const FoundCheckpoint checkpoint = find_checkpoint(command_.options.checkpoints.resume_path);
    train.model_size = size_of(checkpoint.state, command_.options).value_or(train.model_size);
    learner_ = make_learner(train, data_.info);
    learner_->restore(checkpoint.path, true);
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

  void write(std::uint64_t number, const BatchPlan& plan) {
    const Slot slot = pool_.slot(0);
    std::vector<std::uint64_t> shown;
    for (const LoadedRow& row : filler_.fill(slot, plan, filler_.ids_of(plan)))
      if (row.shown) shown.push_back(*row.shown);
    write_files(command_.output / fmt::format("batch_{}", number), slot, shown);
  }

  std::string class_name(std::int64_t number) const {
    const auto at = static_cast<std::size_t>(number);
    return at < data_.class_names.size() ? data_.class_names[at] : std::to_string(number);
  }

  std::string text(const Slot& slot, std::uint32_t row) const {
    const auto tokens = slot.row(slot.layout().index("tokens"), row);
    return vocabulary_->decode(
        {reinterpret_cast<const std::int64_t*>(tokens.data()), tokens.size() / sizeof(std::int64_t)});
  }

  static void write_bytes(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw UsageError("Cannot write " + path.string() + ". Check folder, permissions and space.");
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
      nlohmann::ordered_json sample = {{"id", slot.sample_ids()[row]},
                                       {"path", dataset().describe(shown[row])}};
      if (slot.layout().has("label")) {
        const std::int64_t number = label(slot, row);
        sample["label"] = number;
        captions.push_back(class_name(number));
      } else {
        captions.push_back(text(slot, row));
        sample["text"] = captions.back();
      }
      samples.push_back(std::move(sample));
    }
    write_batch_file(stem.native() + ".pt", slot);
    const std::string picture = stem.native() + ".png";
    slot.layout().has("mel") ? write_spectrogram_sheet(picture, slot, captions)
                             : write_contact_sheet(picture, slot, captions);
    if (learner_) write_bytes(stem.native() + "_model.png", learner_->draw(slot, 0));
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
  BatchFiller filler_;
  BatchSchedule schedule_;
  BatchSpec spec_;
  Mapping memory_;
  SlotPool pool_;
  std::optional<Vocabulary> vocabulary_;  ///< of texts
  std::unique_ptr<Learner> learner_;      ///< where a checkpoint was given
};

}  // namespace

ExitCode run_preview(const PreviewCommand& command) {
  Outcome outcome;
  capture(outcome, [&] { Preview(command).write_all(); });
  return outcome.code;
}

}  // namespace feedline
