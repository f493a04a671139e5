#include "script_module.hpp"
#include "speech_model.hpp"
#include "torch_setup.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>

namespace feedline {
namespace {

using TensorDict = c10::Dict<std::string, torch::Tensor>;

TensorDict named_tensors(const SpeechBatch& batch) {
  TensorDict dict;
  dict.insert("tokens", batch.tokens);
  dict.insert("text_lengths", batch.text_lengths);
  dict.insert("text_mask", batch.text_mask);
  dict.insert("mel", batch.mel);
  dict.insert("lengths", batch.lengths);
  dict.insert("mel_mask", batch.mel_mask);
  return dict;
}

class ScriptSpeech final : public ScriptNetwork<SpeechNetwork> {
 public:
  using ScriptNetwork::ScriptNetwork;

  SpeechOutput forward(const SpeechBatch& batch) override {
    const torch::jit::IValue result = module().forward({named_tensors(batch)});
    if (!result.isGenericDict()) throw UsageError(wrong("returned " + result.tagKind()));
    SpeechOutput output;
    for (const auto& item : result.toGenericDict()) {
      if (item.key() == "mel") output.mel = item.value().toTensor();
      if (item.key() == "loss") output.loss = item.value().toTensor();
    }
    if (!output.mel.defined()) throw UsageError(wrong("there is no 'mel' in what it returned"));
    if (output.mel.sizes() != batch.mel.sizes())
      throw UsageError(
          wrong(fmt::format("'mel' is [{}] for a batch of [{}]", fmt::join(output.mel.sizes(), ","),
                            fmt::join(batch.mel.sizes(), ","))));
    if (output.loss.defined() && output.loss.sizes() != batch.lengths.sizes())
      throw UsageError(wrong(fmt::format("'loss' is [{}] and not [B]", fmt::join(output.loss.sizes(), ","))));
    output.mel = output.mel * batch.mel_mask.unsqueeze(1);
    return output;
  }

 private:
  std::string wrong(const std::string& what) const {
    return fmt::format(
        "The model {} must take a Dict[str, Tensor] of tokens, text_lengths, text_mask, mel, lengths and "
        "mel_mask and return one with 'mel' [B,bands,frames], and 'loss' [B] if it has its own; {}.",
        name(), what);
  }
};

/// Two short made-up samples.
SpeechBatch example(std::int64_t mels, torch::Device device) {
  const auto whole = torch::TensorOptions(torch::kLong).device(device);
  SpeechBatch batch;
  batch.tokens = torch::ones({2, 4}, whole);
  batch.text_lengths = torch::full({2}, 4, whole);
  batch.lengths = torch::full({2}, 16, whole);
  batch.mel = torch::zeros({2, mels, 16}, device);
  batch.text_mask = mask_of(batch.text_lengths, 4);
  batch.mel_mask = mask_of(batch.lengths, 16);
  return batch;
}

}  // namespace

std::unique_ptr<SpeechNetwork> load_speech_script(const std::filesystem::path& path, std::int64_t mels,
                                                  torch::Device device) {
  auto network = std::make_unique<ScriptSpeech>(load_script_module(path, device), path.string());
  const torch::NoGradGuard no_gradient;
  network->set_training(false);
  try {
    network->forward(example(mels, device));
  } catch (const Error&) {
    throw;
  } catch (const std::exception& reason) {
    throw UsageError(fmt::format("The model {} cannot take this data's batches: {}", path.string(),
                                 torch_message(reason)));
  }
  return network;
}

}  // namespace feedline
