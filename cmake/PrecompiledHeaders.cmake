# The headers that most files include, compiled once for the libraries and once for the tests; without this, half of the
# compile time of a file is theirs. They save time and nothing else: every file includes what it uses. The preset asan
# builds without them, and tests/tools/check_aarch64.py reads the folders that asan leaves out without them.

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13 AND
    NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  # With these headers GCC bug 105651 has three more false alarms; asan compiles with the warnings.
  feedline_compile_options(CXX -Wno-stringop-overflow -Wno-array-bounds -Wno-stringop-overread)
endif()

# A target whose precompiled headers others use: target_precompile_headers(<target> REUSE_FROM <name>). These must have its
# compiler flags, but may have more definitions. No header of the project's own belongs here: its change would compile
# everything again, in every checkout. Nor does one that instantiates much: nlohmann/json.hpp costs each file half a second.
function(feedline_precompiled name)
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp CONTENT "// A target needs a source.\n")
  add_library(${name} STATIC ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE feedline_options Threads::Threads fmt::fmt spdlog::spdlog)
  target_precompile_headers(${name} PRIVATE
    <algorithm> <array> <atomic> <cerrno> <chrono> <cmath> <cstddef> <cstdint> <cstring> <filesystem> <functional> <limits>
    <map> <memory> <mutex> <optional> <span> <string> <string_view> <system_error> <utility> <vector>
    <fmt/format.h> <fmt/ranges.h> ${ARGN})
endfunction()

feedline_precompiled(precompiled_for_libraries)
set_target_properties(precompiled_for_libraries PROPERTIES POSITION_INDEPENDENT_CODE ON)
