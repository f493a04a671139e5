// Whether a checkpoint is sound: exit code 0, else 1 with the reason on stderr. `store_verify CHECKPOINT...`
#include <feedline/checkpoint/manifest.hpp>
#include <feedline/common/errors.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  int rc = 0;
  for (int i = 1; i < argc; ++i) {
    try {
      feedline::verify_checkpoint(argv[i]);
    } catch (const feedline::Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
      rc = 1;
    }
  }
  return rc;
}
