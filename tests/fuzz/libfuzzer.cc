// libFuzzer's entry into one target, LSCP_FUZZ_TARGET.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/targets.h"

namespace {

const lscp::fuzz::Target& Target() {
  for (const lscp::fuzz::Target& target : lscp::fuzz::Targets()) {
    if (target.name == LSCP_FUZZ_TARGET) return target;
  }
  std::abort();
}

}  // namespace

// A corpus directory that is empty gets the seeds.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) {
    const std::filesystem::path directory = (*argv)[i];
    if (!std::filesystem::is_directory(directory)) continue;
    if (!std::filesystem::is_empty(directory)) break;
    int number = 0;
    for (const std::string& seed : Target().seeds) {
      std::ofstream(directory / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
    }
    break;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const lscp::fuzz::Target& target = Target();
  const std::string problem = target.run({reinterpret_cast<const char*>(data), size});
  if (problem.empty()) return 0;
  std::fprintf(stderr, "%s: %s\n", target.name.c_str(), problem.c_str());
  std::abort();
}
