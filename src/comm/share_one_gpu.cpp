#include <feedline/comm/device_link.hpp>

#include <cstdlib>
#include <initializer_list>
#include <string>
#include <utility>

namespace feedline {

// NCCL_HOSTID stands for the name of the node and differs for each rank. The other settings keep NCCL from
// connections between "nodes" that one GPU does not have, and keep it small enough for both ranks' kernels to
// run at the same time. Kernels are loaded at start, because loading one waits for NCCL's kernels, which wait
// for the other rank.
void share_one_gpu(int rank) {
  using Setting = std::pair<const char*, std::string>;
  for (const auto& [name, value] :
       std::initializer_list<Setting>{{"NCCL_HOSTID", "feedline-rank-" + std::to_string(rank)},
                                      {"NCCL_NET", "Socket"},
                                      {"NCCL_SOCKET_IFNAME", "lo"},
                                      {"NCCL_SOCKET_FAMILY", "AF_INET"},
                                      {"NCCL_IB_DISABLE", "1"},
                                      {"NCCL_P2P_DISABLE", "1"},
                                      {"NCCL_SHM_DISABLE", "1"},
                                      {"NCCL_MNNVL_ENABLE", "0"},
                                      {"NCCL_NVLS_ENABLE", "0"},
                                      {"NCCL_MAX_CTAS", "2"},
                                      {"CUDA_MODULE_LOADING", "EAGER"}}) {
    setenv(name, value.c_str(), 0);
  }
}

}  // namespace feedline
