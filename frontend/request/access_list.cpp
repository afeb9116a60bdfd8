#include "frontend/request/access_list.hpp"

#include <algorithm>

#include "shared/config/trusted_peers.hpp"

namespace bundle {

namespace {

bool contains(const IpRange& range, const IpAddress& address) {
    return range.first <= address && address <= range.last;
}

}  // namespace

Result<AccessList> AccessList::create(const std::vector<std::string>& allow,
                                      const std::vector<std::string>& deny) {
    AccessList list;
    list.others_ = allow.empty();
    TRY(list.add(deny, false));
    TRY(list.add(allow, true));
    // Of two ranges one holds the other, or they are apart: within those that hold an address, the
    // last to begin and the first to end is the narrowest.
    std::ranges::stable_sort(list.rules_, [](const Rule& one, const Rule& other) {
        if (one.range.first != other.range.first) return one.range.first > other.range.first;
        return one.range.last < other.range.last;
    });
    return list;
}

Result<void> AccessList::add(const std::vector<std::string>& items, bool admits) {
    for (const std::string& item : items) {
        TRY_ASSIGN(const TrustedPeers peers, parse_trusted_peers(item));
        for (const IpRange& range : peers.ranges) rules_.push_back({range, admits});
        std::optional<bool>& of_unix = item == "unix" ? unix_ : unix_among_all_;
        if (peers.unix_sockets && !of_unix) of_unix = admits;  // `deny` came first
    }
    return {};
}

bool AccessList::admits(const IpAddress& client) const {
    if (client.family == IpAddress::Family::None)
        return unix_.value_or(unix_among_all_.value_or(others_));
    const auto rule = std::ranges::find_if(
        rules_, [&](const Rule& known) { return contains(known.range, client); });
    return rule == rules_.end() ? others_ : rule->admits;
}

}  // namespace bundle
