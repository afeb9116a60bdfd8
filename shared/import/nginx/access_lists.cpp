#include "shared/import/nginx/access_lists.hpp"

#include <algorithm>

#include "shared/config/option/kinds.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/config/trusted_peers.hpp"

namespace bundle::imported {

namespace {

bool is_within(const IpRange& range, const IpRange& other) {
    return other.first <= range.first && range.last <= other.last;
}

// Whether all of them are among those who are denied already: the first line counts.
bool is_denied_before(const DraftTable& table, const std::string& who) {
    const DraftLine* deny = table.find("deny");
    if (!deny) return false;
    const auto peers = parse_trusted_peers(who == "all" ? "*" : who);
    return std::ranges::any_of(deny->items, [&](const std::string& item) {
        if (item == "\"*\"") return true;
        const auto denied = parse_trusted_peers(item.substr(1, item.size() - 2));
        return peers && denied && !peers->ranges.empty() &&
               std::ranges::all_of(peers->ranges, [&](const IpRange& range) {
                   return std::ranges::any_of(denied->ranges, [&](const IpRange& other) {
                       return is_within(range, other);
                   });
               });
    });
}

}  // namespace

void take_access(const Scope& scope, const Directive& directive) {
    Import& out = scope.out;
    const std::string who = directive.argument(0) == "unix:" ? "unix" : directive.argument(0);
    const bool allows = directive.name == "allow";
    if (is_denied_before(scope.table, who))
        return out.not_needed(directive.said(), "a line above it denies them");
    if (who == "all" && allows)
        return out.not_needed(directive.said(), "whom deny does not name may come");
    if (who == "all" && scope.table.find("allow"))
        return out.not_needed(directive.said(), "whom allow does not name may not come");
    const std::string everyone = "*";
    if (who != "all")
        if (const auto complaint = config::check_trusted_peers(who))
            return allows ? out.not_translated(directive.said(), *complaint)
                          : out.opened(directive.said(), *complaint);
    out.add_to_list(scope.table, allows ? "allow" : "deny", who == "all" ? everyone : who,
                    directive.said());
    if (who != "all" && scope.table.find("allow") && scope.table.find("deny"))
        out.differs(directive.said(), "the narrowest network decides, not the first line");
}

}  // namespace bundle::imported
