#pragma once

#include <feedline/data/open_data.hpp>

#include <filesystem>
#include <string>

namespace feedline {

/// What a model was trained on, and how its inputs were made: with it a checkpoint can be used where the
/// training data is not. The file `model.json` of a checkpoint, see docs/checkpoints.md.
struct ModelCard {
  static constexpr int kFormat = 1;
  static constexpr const char* kFile = "model.json";

  std::string model;  ///< the size of a built-in one, or the name of a TorchScript file
  bool built_in = true;
  DataInfo data;  ///< task, classes, symbols, tensors, normalisation, spectrogram; sizes of the sets
};

/// As JSON.
std::string to_text(const ModelCard& card);

/// Throws UsageError with a reason: no such card, or one of another format.
ModelCard model_card_from(const std::string& text);

/// The card of a checkpoint. Throws UsageError naming the file; a checkpoint of feedline 0.8 or older has
/// none.
ModelCard read_model_card(const std::filesystem::path& checkpoint);

}  // namespace feedline
