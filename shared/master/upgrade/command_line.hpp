// The words by which `bundle serve` was started, and by which the next program goes on in its
// place.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace bundle {

// What `serve` is told by an option that no user needs: what to do with a running bundle's state.
inline constexpr const char* kTakeOverOption = "--take-over";     // go on with it
inline constexpr const char* kCheckOption = "--check-take-over";  // say whether that would go well

using CommandLine = std::vector<std::string>;

// The program that these words would start now: after an upgrade another one than runs. A word
// without a slash is looked for in PATH; when that finds nothing it is `otherwise`.
std::filesystem::path program_of(const CommandLine& words, const std::filesystem::path& otherwise);

// The same words with `option` and the state's descriptor.
CommandLine with_state(const CommandLine& words, const char* option, int state);

}  // namespace bundle
