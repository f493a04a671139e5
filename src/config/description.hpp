#pragma once

#include <boost/program_options/options_description.hpp>

namespace feedline::config {

/// Returns the flags in the form that Boost.ProgramOptions takes, with the texts of the help. Every value is
/// declared as text, because Boost's own messages name neither the range nor the file of a value.
boost::program_options::options_description describe_flags();

}  // namespace feedline::config
