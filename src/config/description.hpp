#pragma once

#include <boost/program_options/options_description.hpp>

namespace feedline::config {

/// The flags as Boost.ProgramOptions wants them, with the texts of the help. Every value is declared as text:
/// its own messages name neither the range nor the file a value came from.
boost::program_options::options_description describe_flags();

}  // namespace feedline::config
