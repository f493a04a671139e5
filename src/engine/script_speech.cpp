#include "script_error.hpp"
#include "script_module.hpp"
#include "speech_model.hpp"
#include "torch_setup.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

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

std::string cannot_take(const std::string& name, const SpeechBatch& batch, const std::exception& error) {
  const std::string reason = torch_message(error);
  const char* remedy = batch.tokens.size(0) == 1
                           ? " The batch has one sample: it is an epoch's last and holds what is left over. "
                             "If the model needs more, --drop-last leaves it out."
                           : "";
  return fmt::format(
      "The model {} cannot take this data's batches, tokens [{}] and mel [{}] (samples, bands, frames): "
      "{}.{}",
      name, fmt::join(batch.tokens.sizes(), ","), fmt::join(batch.mel.sizes(), ","), reason, remedy);
}

class ScriptSpeech final : public ScriptNetwork<SpeechNetwork> {
 public:
  using ScriptNetwork::ScriptNetwork;

  SpeechOutput forward(const SpeechBatch& batch) override {
    const torch::jit::IValue result = run(batch);
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
  torch::jit::IValue run(const SpeechBatch& batch) {
    try {
      return module().forward({named_tensors(batch)});
    } catch (const std::exception& error) {
      if (!is_script_error(error.what())) throw;
      throw UsageError(cannot_take(name(), batch, error));
    }
  }

  std::string wrong(const std::string& what) const {
    return fmt::format(
        "The model {} must take a Dict[str, Tensor] of tokens, text_lengths, text_mask, mel, lengths and "
        "mel_mask and return one with 'mel' [B,bands,frames], and 'loss' [B] if it has its own; {}.",
        name(), what);
  }
};

/// Returns a batch of two short made-up samples.
SpeechBatch example(std::int64_t mels, std::int64_t token, torch::Device device) {
  const auto whole = torch::TensorOptions(torch::kLong).device(device);
  SpeechBatch batch;
  batch.tokens = torch::full({2, 4}, token, whole);
  batch.text_lengths = torch::full({2}, 4, whole);
  batch.lengths = torch::full({2}, 16, whole);
  batch.mel = torch::zeros({2, mels, 16}, device);
  batch.text_mask = mask_of(batch.text_lengths, 4);
  batch.mel_mask = mask_of(batch.lengths, 16);
  return batch;
}

/// Returns the tables of embeddings that have fewer rows than there are symbols, as "'embed' has 10".
std::vector<std::string> small_tables(const torch::jit::Module& module, std::int64_t symbols) {
  std::vector<std::string> small;
  for (const auto& part : module.named_modules()) {
    const std::string type = part.value.type()->name() ? part.value.type()->name()->name() : "";
    if (type.find("Embedding") == std::string::npos || !part.value.hasattr("weight")) continue;
    const torch::jit::IValue weight = part.value.attr("weight");
    if (weight.isTensor() && weight.toTensor().dim() == 2 && weight.toTensor().size(0) < symbols)
      small.push_back(fmt::format("'{}' has {}", part.name, weight.toTensor().size(0)));
  }
  return small;
}

/// Throws when a table has no row for the last symbol. Otherwise training would end at the first text that
/// has it. On a GPU it would end without a message, and all later work there would fail, so the model is
/// tried on the CPU.
void check_vocabulary(const torch::jit::Module& module, const std::filesystem::path& path, std::int64_t mels,
                      std::int64_t symbols) {
  const std::vector<std::string> small = small_tables(module, symbols);
  if (small.empty()) return;
  torch::jit::Module tried = module.clone();
  tried.to(torch::kCPU);
  const torch::NoGradGuard no_gradient;
  tried.eval();
  try {
    tried.forward({named_tensors(example(mels, symbols - 1, torch::kCPU))});
  } catch (const std::exception& error) {
    if (torch_message(error).find("index out of range") == std::string::npos) return;
    throw UsageError(
        fmt::format("The model {} is made for a smaller vocabulary: of its embeddings {} rows, but the texts "
                    "of this data have {} symbols, numbered from 0 (the padding is one of them). Make the "
                    "embedding that large.",
                    path.string(), fmt::join(small, " and "), symbols));
  }
}

}  // namespace

std::unique_ptr<SpeechNetwork> load_speech_script(const std::filesystem::path& path, std::int64_t mels,
                                                  std::int64_t symbols, torch::Device device) {
  torch::jit::Module module = load_script_module(path, device);
  check_vocabulary(module, path, mels, symbols);
  auto network = std::make_unique<ScriptSpeech>(std::move(module), path.string());
  const SpeechBatch tried = example(mels, 1, device);
  const torch::NoGradGuard no_gradient;
  network->set_training(false);
  try {
    network->forward(tried);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& reason) {
    throw UsageError(cannot_take(path.string(), tried, reason));
  }
  return network;
}

}  // namespace feedline
