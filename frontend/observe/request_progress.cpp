#include "frontend/observe/request_progress.hpp"

#include <fmt/format.h>

#include <numeric>

#include "shared/base/json_text.hpp"
#include "shared/status/json_lines.hpp"
#include "shared/status/status_words.hpp"

namespace bundle {

namespace {

constexpr std::string_view kRow = "  {:<8} {:>8} {:>8}  {:<8} {:<15}  {:<26}  {}\n";

std::string_view name_of(RequestState state) {
    return kRequestStates.at(static_cast<std::size_t>(state));
}

std::string line_of(const RequestProgress& request) {
    if (request.method.empty()) return "(its head is not there)";
    std::string line = fmt::format("{} {}{}  on {}", request.method, request.host, request.target,
                                   request.route.empty() ? "(its own)" : request.route);
    if (!request.site.empty()) line += " of " + request.site;
    if (!request.app.empty()) line += ", app " + request.app;
    return shown(line);
}

std::string row_of(const RequestProgress& request) {
    return fmt::format(
        fmt::runtime(kRow), name_of(request.state), length_text(request.in_state),
        length_text(request.age), request.worker_pid != 0 ? fmt::to_string(request.worker_pid) : "",
        request.client.empty() ? "unix" : request.client, shown(request.id), line_of(request));
}

// "reading": 1, "queued": 0, ...
std::string states_json(const RequestsInProgress& requests) {
    std::string states;
    for (std::size_t i = 0; i < kRequestStates.size(); ++i)
        states += fmt::format("{}\"{}\": {}", i == 0 ? "" : ", ", kRequestStates.at(i),
                              requests.by_state.at(i));
    return states;
}

std::string request_json(const RequestProgress& request) {
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? "null" : json_text(text);
    };
    return fmt::format(
        "{{\"state\": \"{}\", \"state_seconds\": {:.3f}, \"seconds\": {:.3f}, \"id\": {}, "
        "\"client\": {}, \"method\": {}, \"host\": {}, \"target\": {}, \"site\": {}, \"route\": "
        "{}, \"app\": {}, \"worker_pid\": {}}}",
        name_of(request.state), request.in_state.count(), request.age.count(),
        json_text(request.id), text_or_null(request.client), text_or_null(request.method),
        text_or_null(request.host), text_or_null(request.target), json_text(request.site),
        json_text(request.route), text_or_null(request.app),
        request.worker_pid != 0 ? fmt::to_string(request.worker_pid) : "null");
}

}  // namespace

std::size_t RequestsInProgress::count() const {
    return std::accumulate(by_state.begin(), by_state.end(), std::size_t{0});
}

std::string requests_text(const RequestsInProgress& requests) {
    const std::size_t count = requests.count();
    if (count == 0) return "no request is in progress\n";
    std::string states;
    for (std::size_t i = 0; i < kRequestStates.size(); ++i)
        if (requests.by_state.at(i) > 0)
            states += fmt::format("{}{} {}", states.empty() ? "" : ", ", requests.by_state.at(i),
                                  kRequestStates.at(i));
    std::string text =
        fmt::format("{} {} in progress: {}", count, count == 1 ? "request" : "requests", states);
    if (requests.oldest.size() < count)
        text += fmt::format("; the {} oldest are shown", requests.oldest.size());
    text += "\n" + fmt::format(fmt::runtime(kRow), "state", "for", "age", "worker", "client", "id",
                               "request");
    for (const RequestProgress& request : requests.oldest) text += row_of(request);
    return text;
}

std::string requests_json(const RequestsInProgress& requests) {
    JsonLines all;
    JsonLines lines;
    for (const RequestProgress& request : requests.oldest) lines.add(request_json(request));
    all.add(fmt::format("\"count\": {}", requests.count()));
    all.add(fmt::format("\"states\": {{{}}}", states_json(requests)));
    all.add(fmt::format("\"most_listed\": {}", RequestsInProgress::kMostListed));
    all.add("\"requests\": " + lines.list());
    return all.object() + "\n";
}

}  // namespace bundle
