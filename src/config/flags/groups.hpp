#pragma once

#include "flags.hpp"

namespace feedline::config {

FlagGroup mode_flags();
FlagGroup data_flags();
FlagGroup input_flags();
FlagGroup training_flags();
FlagGroup audio_flags();
FlagGroup speech_flags();
FlagGroup checkpoint_flags();
FlagGroup fault_flags();
FlagGroup report_flags();
FlagGroup preview_flags();
FlagGroup other_flags();

}  // namespace feedline::config
