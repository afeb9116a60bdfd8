// The fuzzer begins with the bytes of the codec's table. They lie in files because the fuzzer reads
// files; this keeps the two the same. BUNDLE_WRITE_SEEDS=1 in the environment writes the files
// instead.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/wire_samples.hpp"

namespace bundle::wire {

namespace {

using Seeds = std::map<std::string, std::string>;

const std::filesystem::path kFolder = BUNDLE_SOURCE_DIR "/tests/fuzz/seeds/wire";

Seeds seeds_of_the_table() {
    Seeds seeds;
    std::string conversation;
    for (const WireSample& sample : wire_samples()) {
        seeds[std::string(sample.name)] = sample.bytes;
        conversation += sample.bytes;
    }
    seeds["conversation"] = conversation;
    return seeds;
}

Seeds seeds_in_files() {
    Seeds seeds;
    for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
        std::ostringstream content;
        content << std::ifstream(file.path(), std::ios::binary).rdbuf();
        seeds[file.path().filename()] = content.str();
    }
    return seeds;
}

}  // namespace

TEST(FuzzSeeds, AreTheBytesOfTheCodecsTable) {
    if (std::getenv("BUNDLE_WRITE_SEEDS") != nullptr) {
        for (const auto& [name, bytes] : seeds_of_the_table())
            std::ofstream(kFolder / name, std::ios::binary) << bytes;
    }

    EXPECT_EQ(seeds_in_files(), seeds_of_the_table()) << "BUNDLE_WRITE_SEEDS=1 writes them anew";
}

}  // namespace bundle::wire
