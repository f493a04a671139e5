#pragma once

#include <feedline/data/audio/mel_spec.hpp>

#include <string>
#include <string_view>

namespace feedline {

/// Overrides fields that have no flag of their own: "window=hamming,power=true,log-floor=1e-8". Throws a
/// UsageError for an unknown name or value, with the known ones.
void set_mel_fields(MelSpec& spec, std::string_view list);

/// Returns one line per field: its name and its values.
std::string mel_fields_text();

}  // namespace feedline
