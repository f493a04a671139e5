# Language level, warnings, sanitizers, compiler cache.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(FEEDLINE_CCACHE ccache)
if(FEEDLINE_CCACHE)
  # The sloppiness is what ccache's manual asks for with precompiled headers; with the base folder, what one checkout
  # has compiled serves the next.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${FEEDLINE_CCACHE})
endif()

add_library(feedline_options INTERFACE)
target_include_directories(feedline_options INTERFACE ${CMAKE_SOURCE_DIR}/include)
target_compile_options(feedline_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual>
  $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall,-Wextra>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(feedline_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)  # false alarms in std::string, GCC bug 105651
endif()
if(FEEDLINE_WERROR)
  target_compile_options(feedline_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>
    $<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings>)
endif()
if(FEEDLINE_SANITIZE)
  target_compile_options(feedline_options INTERFACE -fsanitize=${FEEDLINE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(feedline_options INTERFACE -fsanitize=${FEEDLINE_SANITIZE})
endif()
