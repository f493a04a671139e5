#pragma once

#include <feedline/loader/loader_plan.hpp>

#include <optional>
#include <string>

namespace feedline {

/// The JSON text that describes a stream to its client: data, batches, layout of the slots; docs/serve.md has
/// the keys.
std::string info_json(const LoaderPlan& plan, const BatchSpec& spec, std::optional<std::uint32_t> epochs);

/// The JSON text of a stream's figures so far. `waiting` is the number of batches that the client has and has
/// not given back.
std::string stats_json(const InputFigures& figures, int active_workers, std::size_t waiting);

}  // namespace feedline
