// Replays what is kept for the fuzz targets, in any build and with any compiler: an input that once
// broke a parser must not do so again. It is no fuzzing; tests/fuzz/run is.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "tests/fuzz/targets.hpp"

namespace bundle {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> kept_inputs(std::string_view target) {
    std::vector<std::string> inputs;
    for (const std::string_view kind : {"seeds", "crashes"}) {
        const auto folder = fs::path(BUNDLE_SOURCE_DIR) / "tests/fuzz" / kind / target;
        if (!fs::is_directory(folder)) continue;
        for (const auto& entry : fs::directory_iterator(folder)) {
            std::ifstream file(entry.path(), std::ios::binary);
            inputs.emplace_back(std::istreambuf_iterator<char>(file),
                                std::istreambuf_iterator<char>());
        }
    }
    return inputs;
}

class FuzzSeeds : public testing::TestWithParam<FuzzTarget> {
  protected:
    static void run(std::string_view input) {
        GetParam().run(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    }
};

TEST_P(FuzzSeeds, WhatIsKeptBreaksNothingNorDoesAnyBeginningOfIt) {
    const auto inputs = kept_inputs(GetParam().name);
    ASSERT_FALSE(inputs.empty()) << "tests/fuzz/seeds/" << GetParam().name << " has no file";

    for (const std::string_view input : inputs)
        for (std::size_t size = 0; size <= input.size(); ++size) run(input.substr(0, size));
}

INSTANTIATE_TEST_SUITE_P(Of, FuzzSeeds,
                         testing::ValuesIn(fuzz_targets().begin(), fuzz_targets().end()),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace

void PrintTo(const FuzzTarget& target, std::ostream* out) { *out << target.name; }

}  // namespace bundle
