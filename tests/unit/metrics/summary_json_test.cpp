#include "example_summary.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace feedline {
namespace {

using Json = nlohmann::ordered_json;

// What tools outside the project read: names, order and kinds of values.
TEST(SummaryJson, IsTheContract) {
  EXPECT_EQ(
      Json::parse(to_json(example_summary())).dump(),
      R"({"mode":"multi","world":{"data_ranks":1,"model_ranks":1,"nodes":1},)"
      R"("devices":{"data":"cpu","model":"cpu"},"transport":"shm","task":"image","model":"tiny",)"
      R"("parameters":52138,"epochs":2,"steps":1876,"samples":120000,"startup_s":4.0,"first_batch_s":1.5,)"
      R"("wall_s":40.0,"step_s":38.0,"data_wait_s":1.0,"val_s":2.0,"checkpoint_s":0.0,"busy":0.95,)"
      R"("samples_per_s":3000.0,"input":{"workers":2,"buffer_batches":50,"buffer_bytes":52428800,)"
      R"("cache_bytes":0,"cache_hits":0,"occupancy_mean":0.75,"occupancy_min":0.25,"samples_per_s":4000.0},)"
      R"("link":{"bytes":94371840,"gbytes_per_s":0.5},"bad_samples":{"replaced":0,"skipped":0},)"
      R"("loss":{"first":2.5,"last":0.25},"val":{"loss":0.5,"accuracy":0.875},)"
      R"("sample_digest":"0000000000000abc","loss_digest":"1234567890abcdef",)"
      R"("peak_rss_bytes":{"data":104857600,"model":419430400},"exit":"done"})");
}

TEST(SummaryJson, WhatIsNotThereIsNull) {
  const Json json = Json::parse(to_json(Summary{}));
  EXPECT_TRUE(json["loss"]["first"].is_null());
  EXPECT_TRUE(json["loss"]["last"].is_null());
  EXPECT_TRUE(json["val"]["loss"].is_null());
  EXPECT_FALSE(json["val"].contains("accuracy"));
}

TEST(SummaryJson, WhatIsNotFiniteIsNull) {
  Summary summary = example_summary();
  summary.busy = std::numeric_limits<double>::quiet_NaN();
  summary.loss.last = std::numeric_limits<float>::infinity();
  summary.val_metrics["accuracy"] = std::numeric_limits<double>::quiet_NaN();
  const Json json = Json::parse(to_json(summary));
  EXPECT_TRUE(json["busy"].is_null());
  EXPECT_TRUE(json["loss"]["last"].is_null());
  EXPECT_TRUE(json["val"]["accuracy"].is_null());
}

TEST(SummaryJson, BytesThatAreNoTextDoNotBreakIt) {
  Summary summary;
  summary.exit = "Cannot read /data/\xff\"quoted\"\n";
  EXPECT_EQ(Json::parse(to_json(summary))["exit"], "Cannot read /data/\xef\xbf\xbd\"quoted\"\n");
}

}  // namespace
}  // namespace feedline
