# The compiler for kernels, and NCCL: torch's own where there is torch, so that the program has one of it.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 75-real 80-real 90)
endif()
set(CMAKE_CUDA_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
enable_language(CUDA)
if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 knows it of no nvcc
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
endif()
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)

find_path(FEEDLINE_NCCL_INCLUDE nccl.h
  HINTS ${torch_root}/../nvidia/nccl/include ${CUDAToolkit_INCLUDE_DIRS})
find_library(FEEDLINE_NCCL_LIBRARY NAMES libnccl.so.2 nccl
  HINTS ${torch_root}/../nvidia/nccl/lib ${CUDAToolkit_LIBRARY_DIR})
if(NOT FEEDLINE_NCCL_INCLUDE OR NOT FEEDLINE_NCCL_LIBRARY)
  message(FATAL_ERROR "No NCCL was found, which a build with CUDA needs. Install it (pip install nvidia-nccl-cu13, or "
    "the toolkit's), or use -DFEEDLINE_CUDA=OFF.")
endif()
add_library(feedline_nccl INTERFACE)
target_include_directories(feedline_nccl SYSTEM INTERFACE ${FEEDLINE_NCCL_INCLUDE})
target_link_libraries(feedline_nccl INTERFACE ${FEEDLINE_NCCL_LIBRARY} CUDA::cudart)
