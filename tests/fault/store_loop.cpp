// Writes checkpoints without end until it is killed: step after step, each of two parts whose bytes follow from the
// step. `store_loop DIR BYTES`: goes on behind the newest that is there. Prints each step that is on the disk.
#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/checkpoint/checkpoint_writer.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  using namespace feedline;
  if (argc != 3) return 2;
  CheckpointFolder folder(argv[1]);
  const std::size_t bytes = std::strtoull(argv[2], nullptr, 10);
  const auto found = folder.list();
  std::uint64_t step = found.empty() ? 0 : std::stoull(found.front().filename().string().substr(5));
  CheckpointWriter writer(folder, {.keep = 2, .best = {}, .before_save = {}});
  for (;;) {
    const std::string name = CheckpointName{++step, 0}.text();
    const std::string text = name + std::string(bytes, static_cast<char>('a' + step % 26));
    std::vector<CheckpointPart> parts;
    for (const char* part : {"model.pt", "state.json"}) {
      parts.push_back({part, [text](const ByteSink& sink) { sink(std::as_bytes(std::span(text))); }});
    }
    writer.submit({name, std::move(parts), step % 5 == 0});
    writer.wait();
    std::printf("%s\n", name.c_str());
    std::fflush(stdout);
  }
}
