#include "speech_loss.hpp"
#include "torch_task.hpp"

#include <feedline/data/picture/spectrogram_sheet.hpp>
#include <feedline/data/speech/vocabulary.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace feedline {
namespace {

/// Sums of a validation's figures; each figure is reported as a mean over samples.
struct SpeechFigures {
  double samples = 0;
  double loss = 0, mel_l1 = 0, mel_l1_ln = 0, mean_predictor = 0;
  double aligned = 0, focus = 0;
  double shuffled_samples = 0, shuffled = 0;  ///< Samples, and their error, with another sample's text
};

/// Length in seconds of the sentences that show most of the model's progress.
constexpr double kLeastShown = 3, kMostShown = 5;
constexpr std::size_t kShown = 2;

constexpr const char* kVocabularyFile = "vocabulary.txt";

double sum_of(const torch::Tensor& values) {
  return values.sum().item<double>();
}

class SpeechTask final : public TorchTask {
 public:
  SpeechTask(const TrainSettings& options, const DataInfo& info, torch::Device device)
      : input_(info, device),
        vocabulary_(info.vocabulary),
        own_model_(options.model_file.has_value()),
        frames_per_second_(info.mel ? static_cast<double>(info.mel->sample_rate) / info.mel->hop_length : 0) {
    network_ = options.model_file
                   ? load_speech_script(*options.model_file, input_.mels(),
                                        static_cast<std::int64_t>(info.symbols), device)
                   : make_built_in_speech(options.model_size, static_cast<std::int64_t>(info.symbols),
                                          input_.mels());
    network_->to(device);
  }

  Network& network() noexcept override { return *network_; }

  torch::Tensor loss_sum(const Slot& slot) override {
    const SpeechBatch batch = input_.batch(slot);
    return speech_loss(network_->forward(batch), batch).sum();
  }

  void evaluate(const Slot& slot) override {
    const SpeechBatch batch = input_.batch(slot);
    if (choosing_) choose_shown(batch);
    const SpeechOutput output = network_->forward(batch);
    figures_.samples += slot.header().count;
    figures_.loss += sum_of(speech_loss(output, batch));
    figures_.mel_l1 += sum_of(masked_mel_l1(output.mel, batch));
    figures_.mean_predictor += sum_of(masked_mel_l1(torch::zeros_like(batch.mel), batch));
    figures_.mel_l1_ln += sum_of(denormalised_l1(output.mel, batch));
    if (output.alignment.soft.defined()) {
      figures_.aligned += slot.header().count;
      figures_.focus += sum_of(focus_rate(output.alignment, batch));
    }
    if (slot.header().count < 2) return;
    const SpeechBatch other = batch.with_other_texts();
    figures_.shuffled_samples += slot.header().count;
    figures_.shuffled += sum_of(masked_mel_l1(network_->forward(other).mel, batch));
  }

  ValResult finish_evaluation() override {
    const SpeechFigures sums = std::exchange(figures_, {});
    choosing_ = choosing_ && shown_.empty();
    if (sums.samples == 0) return {};
    ValResult result{sums.loss / sums.samples,
                     {{"mel_l1", sums.mel_l1 / sums.samples},
                      {"mel_l1_ln", sums.mel_l1_ln / sums.samples},
                      {"mel_l1_of_mean", sums.mean_predictor / sums.samples}}};
    if (sums.aligned > 0) result.metrics["focus_rate"] = sums.focus / sums.aligned;
    if (sums.shuffled_samples > 0)
      result.metrics["mel_l1_shuffled_text"] = sums.shuffled / sums.shuffled_samples;
    return result;
  }

  NamedRows named_rows() const override {
    const std::vector<std::string> tensors =
        own_model_ ? std::vector<std::string>{} : std::vector<std::string>{"embedding.weight"};
    return {kVocabularyFile, "symbols", vocabulary_, tensors};
  }

  std::vector<CheckpointPart> parts() override {
    std::vector<CheckpointPart> parts = {{kVocabularyFile, [text = vocabulary_](const ByteSink& sink) {
                                            sink(std::as_bytes(std::span(text)));
                                          }}};
    if (shown_.empty()) return parts;
    std::vector<SpeechPicture> pictures;
    for (const Shown& each : shown_) pictures.push_back(picture_of(each.sample));
    parts.push_back(
        {"sample.png", [all = std::move(pictures)](const ByteSink& sink) { sink(draw_speech(all)); }});
    return parts;
  }

  std::vector<std::byte> draw(const Slot& slot, std::uint32_t row) override {
    const SpeechPicture picture = picture_of(input_.batch(slot).only(row));
    return draw_speech({&picture, 1});
  }

 private:
  /// A validation sample of which checkpoints hold a picture.
  struct Shown {
    double seconds_off;  ///< Distance, in seconds, from the length that shows most
    SpeechBatch sample;
  };

  /// Keeps the samples of a batch that are nearer to that length than the samples kept so far.
  void choose_shown(const SpeechBatch& batch) {
    const torch::Tensor frames = batch.lengths.cpu();
    for (std::int64_t row = 0; row < frames.size(0); ++row) {
      const double off = seconds_off(static_cast<double>(frames[row].item<std::int64_t>()));
      if (shown_.size() == kShown && off >= shown_.back().seconds_off) continue;
      const auto place =
          std::upper_bound(shown_.begin(), shown_.end(), off,
                           [](double value, const Shown& each) { return value < each.seconds_off; });
      shown_.insert(place, {off, batch.only(row)});
      if (shown_.size() > kShown) shown_.pop_back();
    }
  }

  double seconds_off(double frames) const {
    if (frames_per_second_ <= 0) return -frames;  // the longest comes first
    const double seconds = frames / frames_per_second_;
    return seconds >= kLeastShown && seconds <= kMostShown
               ? 0
               : std::abs(seconds - (kLeastShown + kMostShown) / 2);
  }

  SpeechPicture picture_of(const SpeechBatch& one) const {
    const torch::NoGradGuard no_gradient;
    const SpeechOutput output = network_->forward(one);
    const auto frames = one.lengths[0].item<std::int64_t>(), text = one.text_lengths[0].item<std::int64_t>();
    const auto values = [](const torch::Tensor& table) {
      const torch::Tensor flat = table.to(torch::kCPU, torch::kFloat).contiguous();
      return std::vector<float>(flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
    };
    SpeechPicture picture;
    picture.frames = static_cast<std::size_t>(frames);
    picture.recorded = values(input_.denormalised(one.mel[0]).slice(1, 0, frames));
    picture.predicted = values(input_.denormalised(output.mel[0]).slice(1, 0, frames));
    if (output.alignment.soft.defined())
      picture.alignment =
          values(output.alignment.soft[0].slice(0, 0, frames).slice(1, 0, text).transpose(0, 1));
    if (const torch::Tensor spoken = network_->speak(one); spoken.defined()) {
      picture.spoken = values(input_.denormalised(spoken[0]));
      picture.spoken_frames = static_cast<std::size_t>(spoken.size(2));
    }
    picture.frames_per_second = frames_per_second_;
    const torch::Tensor tokens = one.tokens[0].slice(0, 0, text).cpu().contiguous();
    picture.text = Vocabulary::from_text(vocabulary_)
                       .decode({tokens.data_ptr<std::int64_t>(), static_cast<std::size_t>(text)});
    return picture;
  }

  torch::Tensor denormalised_l1(const torch::Tensor& predicted, const SpeechBatch& batch) const {
    const torch::Tensor error = (predicted - batch.mel).abs() * input_.std() * batch.mel_mask.unsqueeze(1);
    return error.sum({1, 2}) / (batch.lengths * batch.mel.size(1));
  }

  SpeechInput input_;
  std::string vocabulary_;
  bool own_model_;  ///< Whether the model is the user's, whose embedding is unknown
  std::unique_ptr<SpeechNetwork> network_;
  SpeechFigures figures_;
  double frames_per_second_;
  std::vector<Shown> shown_;  ///< Kept samples, the nearest first
  /// Whether samples are still chosen: only in the first validation, so that all pictures show the same ones
  bool choosing_ = true;
};

}  // namespace

std::unique_ptr<TorchTask> make_speech_task(const TrainSettings& options, const DataInfo& info,
                                            const TrainingDevice& where) {
  return std::make_unique<SpeechTask>(options, info, where.device);
}

}  // namespace feedline
