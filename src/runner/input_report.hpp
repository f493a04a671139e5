#pragma once

#include "outcome.hpp"

#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/input_pipeline.hpp>

namespace feedline {

/// Notes the figures of the input side in `outcome`, and logs the remarks of the data sets.
void note_input(Outcome& outcome, const InputPipeline& input);

/// Logs the data sets' remarks about samples that are used as they are.
void tell_remarks(const DataSplits& data);

}  // namespace feedline
