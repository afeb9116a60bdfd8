#include "shared/import/gunicorn/config_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "shared/master/program_output.hpp"

namespace bundle::imported {

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::string_view kMark = "bundle:";

std::string names_of_settings() {
    std::string names;
    for (const GunicornSetting& setting : gunicorn_settings())
        names.append(setting.name).append(" ");
    return names;
}

Result<GunicornValue> value_in(const std::string& line, const std::string& file) {
    try {
        const auto told = nlohmann::json::parse(line);
        GunicornValue value{told.at("name").get<std::string>(),
                            told.at("values").get<std::vector<std::string>>(),
                            {}};
        value.said.place = {file, told.at("line").get<std::size_t>()};
        value.said.words = fmt::format("{} = {}", value.name, fmt::join(value.values, ", "));
        return value;
    } catch (const nlohmann::json::exception& problem) {
        return failure(fmt::format("{}: {}", file, problem.what()));
    }
}

}  // namespace

Result<GunicornSettings> settings_in(const std::string& output, const std::string& file) {
    GunicornSettings settings;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(kMark)) continue;
        TRY_ASSIGN(GunicornValue value, value_in(line.substr(kMark.size()), file));
        if (find_setting(value.name)) settings.set(std::move(value));
    }
    return settings;
}

Result<GunicornSettings> read_config_file(const PythonRunner& runner, const std::string& path,
                                          const std::string& folder) {
    TRY_ASSIGN(const ProgramOutput ended,
               output_of_program(
                   runner.python,
                   {runner.python, "-B", "-c", runner.script, path, folder, names_of_settings()},
                   kPatience));
    if (!ended.well)
        return failure(
            fmt::format("{}: {} ran it, and: {}", path, runner.python, last_line(ended.text)));
    return settings_in(ended.text, path);
}

}  // namespace bundle::imported
