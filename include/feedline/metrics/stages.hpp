#pragma once

#include <array>

namespace feedline {

/// A stage of a thread's work: its name on timelines and in profilers, and the names of its numbers. All
/// objects are constants, because events point to them.
struct Stage {
  const char* name;
  std::array<const char*, 2> numbers{};  ///< Null where the stage has fewer numbers
};

/// All stages. Names of new stages belong here.
namespace stage {

// start-up
inline constexpr Stage kLoadProgram{"load the program"};
inline constexpr Stage kStartMpi{"start MPI"};
inline constexpr Stage kOpenData{"open the data"};
inline constexpr Stage kFindCheckpoint{"look for a checkpoint"};
inline constexpr Stage kConnect{"connect"};
inline constexpr Stage kPrepareGpu{"prepare the GPU"};
inline constexpr Stage kBuildModel{"build the model"};
inline constexpr Stage kAwaitModel{"wait for the model to be built"};
inline constexpr Stage kStartDelay{"start delay"};
inline constexpr Stage kFirstBatch{"wait for the first batch"};

// a worker
inline constexpr Stage kSample{"sample", {"sample", "batch"}};
inline constexpr Stage kRead{"read"};
inline constexpr Stage kDecode{"decode"};
inline constexpr Stage kTransform{"transform"};
inline constexpr Stage kFreeSlot{"wait for a free slot", {"batch"}};
inline constexpr Stage kOpenSlot{"wait for the batch to be begun", {"batch"}};
inline constexpr Stage kParked{"parked"};
inline constexpr Stage kPublish{"publish", {"batch"}};
inline constexpr Stage kMakeAgain{"make a damaged batch again", {"batch"}};

// the main thread while batches stream
inline constexpr Stage kWorkersRun{"workers run"};
inline constexpr Stage kLastBatches{"wait for the last batches to be used"};
inline constexpr Stage kTakeBatch{"take a batch", {"batch"}};
inline constexpr Stage kStall{"STALL: no batch is ready", {"batch"}};
inline constexpr Stage kStep{"step", {"batch", "samples"}};
inline constexpr Stage kForwardBackward{"forward and backward"};
inline constexpr Stage kOptimizer{"optimizer"};
inline constexpr Stage kValidation{"validation", {"batch", "samples"}};
inline constexpr Stage kCheckpointStall{"checkpoint: training stands still", {"step"}};
inline constexpr Stage kFinish{"meet the other ranks"};

// other threads
inline constexpr Stage kWriteCheckpoint{"write a checkpoint"};
inline constexpr Stage kHostBatch{"wait for a batch in host memory", {"batch"}};
inline constexpr Stage kDevicePlace{"wait for a place on the GPU", {"batch"}};
inline constexpr Stage kCopyToDevice{"copy to the GPU", {"batch", "bytes"}};
inline constexpr Stage kSendToDevice{"send to the other GPU", {"batch", "bytes"}};
inline constexpr Stage kReceiveFromDevice{"receive from the other GPU", {"batch", "bytes"}};

}  // namespace stage

/// Values that rise and fall.
namespace gauge {

inline constexpr Stage kInRing{"batches in the ring", {"batches"}};
inline constexpr Stage kReady{"batches ready to train on", {"batches"}};

}  // namespace gauge

}  // namespace feedline
