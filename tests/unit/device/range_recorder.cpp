// Stands in for a profiler: NVTX loads this library into the process when NVTX_INJECTION64_PATH names it.
#include <nvtx3/nvToolsExt.h>

#include <string>

namespace {

thread_local int depth = 0;
std::string seen;  // "+name" and "-", of one thread

int push(const char* name) {
  seen += "+" + std::string(name);
  return depth++;
}

int pop() {
  seen += "-";
  return --depth;
}

}  // namespace

extern "C" {

const char* seen_ranges() {
  return seen.c_str();
}

int InitializeInjectionNvtx2(NvtxGetExportTableFunc_t get_table) {
  const auto* callbacks = static_cast<const NvtxExportTableCallbacks*>(get_table(NVTX_ETID_CALLBACKS));
  if (callbacks == nullptr) return 0;
  NvtxFunctionTable table = nullptr;
  unsigned int size = 0;
  if (callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE, &table, &size) == 0) return 0;
  if (size <= NVTX_CBID_CORE_RangePushA || size <= NVTX_CBID_CORE_RangePop) return 0;
  *table[NVTX_CBID_CORE_RangePushA] = reinterpret_cast<NvtxFunctionPointer>(&push);
  *table[NVTX_CBID_CORE_RangePop] = reinterpret_cast<NvtxFunctionPointer>(&pop);
  return 1;
}
}
