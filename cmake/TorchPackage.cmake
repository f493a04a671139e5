# Makes the target feedline::torch out of an installed `torch` Python package (2.6 or newer).
#
# torch's own CMake config enables the CUDA language and asks for the toolkit even when only its CPU half is
# wanted, so the targets are made here. FEEDLINE_TORCH names the Python interpreter whose torch is used.
set(FEEDLINE_TORCH "$ENV{FEEDLINE_TORCH}" CACHE STRING "Python interpreter whose torch package is used")
if(NOT FEEDLINE_TORCH)
  set(FEEDLINE_TORCH python3)
endif()

execute_process(
  COMMAND ${FEEDLINE_TORCH} ${CMAKE_CURRENT_LIST_DIR}/torch_package.py
  OUTPUT_VARIABLE torch_facts RESULT_VARIABLE torch_rc ERROR_VARIABLE torch_error
  OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT torch_rc EQUAL 0)
  message(FATAL_ERROR "No usable torch package in '${FEEDLINE_TORCH}': ${torch_error}\n"
    "Run launch/setup.sh, or point FEEDLINE_TORCH at a Python that has torch 2.6 or newer.")
endif()
list(GET torch_facts 0 torch_root)
list(GET torch_facts 1 torch_version)
list(GET torch_facts 2 torch_cxx11_abi)
list(GET torch_facts 3 torch_cuda)
if(torch_version VERSION_LESS 2.6)
  message(FATAL_ERROR "torch ${torch_version} in ${torch_root} is older than 2.6.")
endif()
if(FEEDLINE_WITH_CUDA AND NOT torch_cuda)
  message(STATUS "torch ${torch_version} in ${torch_root} has no usable CUDA half: training is built for the CPU")
endif()

add_library(feedline_torch INTERFACE)
add_library(feedline::torch ALIAS feedline_torch)
target_include_directories(feedline_torch SYSTEM INTERFACE
  ${torch_root}/include ${torch_root}/include/torch/csrc/api/include)
# torch's headers carry an fmt of their own, whose library it does not export.
target_compile_definitions(feedline_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=${torch_cxx11_abi} FMT_HEADER_ONLY)
set(torch_libraries torch_cpu c10)
set(FEEDLINE_TORCH_CUDA OFF)
if(FEEDLINE_WITH_CUDA AND torch_cuda)
  set(FEEDLINE_TORCH_CUDA ON)
  target_compile_definitions(feedline_torch INTERFACE FEEDLINE_TORCH_CUDA=1)
  target_include_directories(feedline_torch SYSTEM INTERFACE ${CUDAToolkit_INCLUDE_DIRS})
  list(PREPEND torch_libraries torch_cuda c10_cuda)
endif()
# torch registers its backends in static constructors, so its libraries stay needed although no symbol is named.
list(TRANSFORM torch_libraries PREPEND ${torch_root}/lib/lib)
list(TRANSFORM torch_libraries APPEND .so)
target_link_libraries(feedline_torch INTERFACE -Wl,--push-state,--no-as-needed ${torch_libraries} -Wl,--pop-state)
target_link_options(feedline_torch INTERFACE -Wl,--disable-new-dtags -Wl,-rpath,${torch_root}/lib
  -Wl,--allow-shlib-undefined)
message(STATUS "feedline: torch ${torch_version} in ${torch_root}, training on CUDA ${FEEDLINE_TORCH_CUDA}")
