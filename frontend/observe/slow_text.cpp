#include "frontend/observe/slow_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "shared/base/json_text.hpp"
#include "shared/status/status_words.hpp"

namespace bundle {

namespace {

using Seconds = std::chrono::duration<double>;

struct Stack {
    std::string_view text;
    std::size_t seen = 0;
};

struct Group {
    bool runs = false;  // of which no route is known yet
    std::vector<const SlowRequest*> requests{};
    const SlowRequest* worst = nullptr;
    std::chrono::nanoseconds took{};  // all of them
    std::vector<Stack> stacks{};      // the most common first
};

void add(Group& group, const SlowRequest& request) {
    group.runs = request.status == 0;
    group.requests.push_back(&request);
    group.took += request.took;
    if (group.worst == nullptr || request.took > group.worst->took) group.worst = &request;
    if (request.stack.empty()) return;
    const auto known = std::ranges::find(group.stacks, request.stack, &Stack::text);
    if (known != group.stacks.end())
        ++known->seen;
    else
        group.stacks.push_back({request.stack, 1});
}

std::vector<Group> grouped(const SlowRequests& slow) {
    std::map<std::tuple<bool, std::string_view, std::string_view, std::string_view>, Group>
        by_route;
    for (const SlowRequest& request : slow.all())
        add(by_route[{request.status == 0, request.app, request.site, request.route}], request);
    std::vector<Group> groups;
    for (auto& [of, group] : by_route) {
        std::ranges::stable_sort(group.stacks, std::ranges::greater(), &Stack::seen);
        groups.push_back(std::move(group));
    }
    // What still runs comes first: somebody may be waiting for it.
    std::ranges::stable_sort(groups, [](const Group& a, const Group& b) {
        return std::pair(a.runs, a.took) > std::pair(b.runs, b.took);
    });
    return groups;
}

std::string heading(const Group& group) {
    const SlowRequest& worst = *group.worst;
    if (group.runs)
        return fmt::format("app {}: {} still running, or just ended\n", shown(worst.app),
                           group.requests.size());
    const std::string site = worst.site.empty() ? "" : " of " + shown(worst.site);
    return fmt::format("{}{}, app {}: {} slow, {} in all, the worst {}\n",
                       worst.route.empty() ? "the site's own route" : "route " + shown(worst.route),
                       site, shown(worst.app), group.requests.size(), length_text(group.took),
                       length_text(worst.took));
}

// Quotes stay: a stack is full of them.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= ' ' && c < '\x7f')
            out += c;
        else
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string indented(std::string_view stack) {
    std::string text;
    while (!stack.empty()) {
        const std::size_t end = std::min(stack.find('\n'), stack.size());
        text += "      " + printable(stack.substr(0, end)) + "\n";
        stack.remove_prefix(std::min(end + 1, stack.size()));
    }
    return text;
}

std::string group_text(const Group& group) {
    constexpr std::size_t kMostStacks = 3;
    const SlowRequest& worst = *group.worst;
    std::string text = heading(group);
    text += fmt::format("  {}  {}", shown(worst.line), shown(worst.id));
    if (!group.runs) text += fmt::format("  status {}  {}", worst.status, length_text(worst.took));
    text += "\n";
    for (std::size_t i = 0; i < std::min(group.stacks.size(), kMostStacks); ++i)
        text +=
            fmt::format("    {} of {} stood here:\n", group.stacks[i].seen, group.requests.size()) +
            indented(group.stacks[i].text);
    return text;
}

std::string group_json(const Group& group) {
    const SlowRequest& worst = *group.worst;
    std::string stacks;
    for (const Stack& stack : group.stacks)
        stacks += fmt::format("{}\n    {{\"seen\": {}, \"stack\": {}}}", stacks.empty() ? "" : ",",
                              stack.seen, json_text(stack.text));
    return fmt::format(
        "  {{\"app\": {}, \"site\": {}, \"route\": {}, \"running\": {}, \"requests\": {}, "
        "\"seconds\": {:.3f},\n   \"worst\": {{\"line\": {}, \"id\": {}, \"status\": {}, "
        "\"seconds\": "
        "{:.3f}}},\n   \"stacks\": [{}]}}",
        json_text(worst.app), json_text(worst.site), json_text(worst.route), group.runs,
        group.requests.size(), Seconds(group.took).count(), json_text(worst.line),
        json_text(worst.id), worst.status, Seconds(worst.took).count(), stacks);
}

}  // namespace

std::string slow_text(const SlowRequests& slow) {
    std::string text;
    for (const Group& group : grouped(slow)) text += (text.empty() ? "" : "\n") + group_text(group);
    return text.empty() ? "no request has taken longer than slow_after\n" : text;
}

std::string slow_json(const SlowRequests& slow) {
    std::string groups;
    for (const Group& group : grouped(slow))
        groups += (groups.empty() ? "\n" : ",\n") + group_json(group);
    return "[" + groups + "\n]\n";
}

}  // namespace bundle
