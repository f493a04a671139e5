#include "input_report.hpp"

#include <feedline/common/log.hpp>

#include <string>

namespace feedline {

void note_input(Outcome& outcome, const InputPipeline& input) {
  outcome.input = input.figures();
  tell_remarks(input.data());
  if (const std::string reasons = input.bad().by_reason(); !reasons.empty())
    log_info("Samples that could not be used, by reason:" + reasons);
}

void tell_remarks(const DataSplits& data) {
  const std::string train = remarks_of(*data.train), val = remarks_of(*data.val);
  if (!train.empty()) log_info(train);
  if (!val.empty() && val != train) log_info("Validation: " + val);  // else they share their recordings
}

}  // namespace feedline
