#include <feedline/checkpoint/manifest.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/data/class_list.hpp>
#include <feedline/engine/model_card.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

using Json = nlohmann::ordered_json;

/// Returns the list whose lines these are.
std::string lines_from(const Json& lines) {
  std::string text;
  for (const Json& line : lines) text += line.get<std::string>() + '\n';
  return text;
}

Json tensor_json(const TensorSpec& tensor) {
  return {{"name", tensor.name}, {"dtype", dtype_name(tensor.dtype)}, {"shape", tensor.shape}};
}

TensorSpec tensor_from(const Json& json) {
  const auto name = json.at("dtype").get<std::string>();
  for (const DType dtype : {DType::kUInt8, DType::kInt32, DType::kInt64, DType::kFloat32}) {
    if (name == dtype_name(dtype))
      return {json.at("name"), dtype, json.at("shape").get<std::vector<std::int64_t>>()};
  }
  throw UsageError("it names a type of numbers that there is not, " + name);
}

/// Converts "name=value,..." to an object, with numbers and booleans as JSON has them.
Json fields_json(std::string_view list) {
  Json fields = Json::object();
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view item = list.substr(begin, end - begin), name = item.substr(0, item.find('='));
    const std::string_view value = item.substr(name.size() + 1);
    double number = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    Json& field = fields[std::string(name)];
    if (value == "true" || value == "false") {
      field = value == "true";
    } else if (error == std::errc() && stop == value.data() + value.size()) {
      field = Json::parse(value);
    } else {
      field = value;
    }
    begin = end + 1;
  }
  return fields;
}

Task task_from(const Json& name) {
  const auto task = parse_task(name.get<std::string>());
  if (!task) throw UsageError(fmt::format("it has task {}, which this program does not know", name.dump()));
  return *task;
}

std::string fields_from(const Json& fields) {
  std::string list;
  for (const auto& [name, value] : fields.items())
    list += fmt::format("{}{}={}", list.empty() ? "" : ",", name,
                        value.is_string() ? value.get<std::string>() : value.dump());
  return list;
}

/// Returns the formula that is applied to an element of the first tensor before the model sees it.
const char* formula_of(const DataInfo& data) {
  return data.mel ? "(x - mean[band]) / std[band]" : "(x / 255 - mean[channel]) / std[channel]";
}

}  // namespace

std::string to_text(const ModelCard& card) {
  const DataInfo& data = card.data;
  Json json = {
      {"format", ModelCard::kFormat},
      {"feedline", FEEDLINE_VERSION},
      {"task", task_name(data.task)},
      {"model", {{card.built_in ? "size" : "file", card.model}}},
      {"inputs", Json::array()},
      {"normalization",
       {{"formula", formula_of(data)}, {"mean", data.normalization.mean}, {"std", data.normalization.std}}}};
  for (const TensorSpec& tensor : data.tensors) json["inputs"].push_back(tensor_json(tensor));
  if (data.mel) json["spectrogram"] = fields_json(to_text(*data.mel));
  if (data.task == Task::kSpeech) {
    json["symbols"] = listed_names(data.vocabulary);
  } else {
    json["classes"] = data.classes;
    if (!data.class_names.empty()) json["class_names"] = listed_names(data.class_names);
  }
  json["trained_on"] = {{"train_samples", data.train_size}, {"val_samples", data.val_size}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

ModelCard model_card_from(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != ModelCard::kFormat)
      throw UsageError(fmt::format("it has format {}, and this program reads format {}",
                                   json.at("format").dump(), ModelCard::kFormat));
    ModelCard card;
    card.built_in = json.at("model").contains("size");
    card.model = json.at("model").at(card.built_in ? "size" : "file");
    DataInfo& data = card.data;
    data.task = task_from(json.at("task"));
    for (const Json& tensor : json.at("inputs")) data.tensors.push_back(tensor_from(tensor));
    const Json& normalization = json.at("normalization");
    data.normalization = {normalization.at("mean").get<std::vector<float>>(),
                          normalization.at("std").get<std::vector<float>>()};
    if (json.contains("spectrogram")) data.mel = mel_spec_from(fields_from(json.at("spectrogram")));
    if (json.contains("symbols")) {
      data.vocabulary = lines_from(json.at("symbols"));
      data.symbols = json.at("symbols").size();
    } else {
      data.classes = json.at("classes");
      if (json.contains("class_names")) data.class_names = lines_from(json.at("class_names"));
    }
    data.train_size = json.at("trained_on").at("train_samples");
    data.val_size = json.at("trained_on").at("val_samples");
    return card;
  } catch (const nlohmann::json::exception& error) {
    throw UsageError(fmt::format("it is no description of a model ({})", error.what()));
  }
}

ModelCard read_model_card(const std::filesystem::path& checkpoint) {
  const std::filesystem::path file = checkpoint / ModelCard::kFile;
  if (!std::filesystem::exists(file))
    throw UsageError(fmt::format(
        "The checkpoint {} has no {}: an older feedline wrote it. Go on from it with `feedline train "
        "--resume`, which writes one that has.",
        checkpoint.string(), ModelCard::kFile));
  try {
    return model_card_from(read_text(file));
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace feedline
