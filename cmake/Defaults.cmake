# Language level, warnings, sanitizers, compiler cache.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
include(GNUInstallDirs)
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

# What every target of the project is compiled with. Of it only the folder of headers and the language level are installed.
add_library(feedline_options INTERFACE)
target_include_directories(feedline_options INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

target_compile_features(feedline_options INTERFACE cxx_std_20)

# feedline_compile_options(LANGUAGE options...)
function(feedline_compile_options language)
  foreach(option IN LISTS ARGN)
    target_compile_options(feedline_options INTERFACE $<BUILD_INTERFACE:$<$<COMPILE_LANGUAGE:${language}>:${option}>>)
  endforeach()
endfunction()

feedline_compile_options(CXX -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
feedline_compile_options(CUDA -Xcompiler=-Wall,-Wextra)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  feedline_compile_options(CXX -Wno-restrict)  # false alarms in std::string, GCC bug 105651
endif()
if(FEEDLINE_WERROR)
  feedline_compile_options(CXX -Werror)
  feedline_compile_options(CUDA -Werror=all-warnings)
endif()
if(FEEDLINE_SANITIZE)
  feedline_compile_options(CXX -fsanitize=${FEEDLINE_SANITIZE} -fno-omit-frame-pointer)
  feedline_compile_options(CUDA -fsanitize=${FEEDLINE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(feedline_options INTERFACE $<BUILD_INTERFACE:-fsanitize=${FEEDLINE_SANITIZE}>)
endif()
