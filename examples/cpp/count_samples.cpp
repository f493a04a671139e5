// Reads a data set with feedline's loader, for some epochs, and prints what a training loop would have got.
//
//   cmake --install build/release --prefix PREFIX
//   cmake -S examples/cpp -B build/example -DCMAKE_PREFIX_PATH=PREFIX && cmake --build build/example
//   build/example/count_samples DIR [EPOCHS]

#include <feedline/loader.hpp>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "Usage: count_samples DIR [EPOCHS]\n";
    return 2;
  }
  try {
    feedline::LoaderOptions options;
    options.data.train_data = argv[1];
    options.data.batch_size = 32;
    options.epochs = argc > 2 ? static_cast<std::uint32_t>(std::atoi(argv[2])) : 1;
    feedline::Loader loader(options);

    std::uint64_t samples = 0, sum_of_ids = 0;
    while (const feedline::BatchLease batch = loader.next()) {
      samples += batch->header().count;
      for (const std::uint64_t id : batch->sample_ids()) sum_of_ids += id;
      if (batch->header().last_of_split) std::cout << "epoch " << batch->header().epoch << " is over\n";
    }
    std::cout << samples << " samples, sum of ids " << sum_of_ids << '\n';
    return 0;
  } catch (const feedline::Error& error) {
    std::cerr << "count_samples: " << error.what() << '\n';
    return static_cast<int>(error.code());
  }
}
