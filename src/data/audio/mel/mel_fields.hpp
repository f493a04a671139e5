#pragma once

#include <feedline/data/audio/mel_spec.hpp>

#include <string>
#include <string_view>

namespace feedline {

/// Overrides fields that have no flag of their own: "window=hamming,power=true,log-floor=1e-8". Throws
/// UsageError, with what there is, for names and values that there are not.
void set_mel_fields(MelSpec& spec, std::string_view list);

/// A line a field: its name and its values.
std::string mel_fields_text();

}  // namespace feedline
