#include "shared/import/gunicorn/config_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "shared/master/program_output.hpp"

namespace bundle::imported {

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::string_view kMark = "bundle:";
constexpr std::string_view kFailed = "bundle-failed:";

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

// "FILE:LINE: what" of the script's last line; of anything else, that.
std::string complaint_in(const std::string& output, const std::string& path,
                         const std::string& python) {
    const std::string last = last_line(output);
    const auto colon = last.find(':', std::min(kFailed.size(), last.size()));
    if (!last.starts_with(kFailed) || colon == std::string::npos)
        return fmt::format("{}: {} ran it, and: {}", path, python, last);
    const std::string line = last.substr(kFailed.size(), colon - kFailed.size()),
                      what = last.substr(colon + 1);
    const std::string where = line == "0" ? path : path + ":" + line;
    if (!what.starts_with("ModuleNotFoundError"))
        return fmt::format("{}: {} (run by {})", where, what, python);
    return fmt::format(
        "{}: {} (run by {}; name gunicorn in its virtual environment for another one: "
        "--gunicorn \"/srv/venv/bin/gunicorn -c {} MODULE:APP\")",
        where, what, python, path);
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
    if (!ended.well) return failure(complaint_in(ended.text, path, runner.python));
    return settings_in(ended.text, path);
}

}  // namespace bundle::imported
