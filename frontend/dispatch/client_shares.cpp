#include "frontend/dispatch/client_shares.hpp"

#include <algorithm>
#include <utility>

namespace bundle {

namespace {

std::optional<AddressKey> key_of(const AppRequest& request) {
    const auto address = IpAddress::parse(request.counted_as);
    return address ? address_key(*address) : std::nullopt;
}

}  // namespace

void ClientShares::enter(AppRequest& request) {
    const auto key = key_of(request);
    if (!key) return;
    std::unique_ptr<ClientShare>& client = clients_[*key];
    if (!client) client = std::make_unique<ClientShare>(ClientShare{*key, {}});
    client->waiting.push_back(request);
    request.share = client.get();
    if (client->waiting.size() == share_ + std::size_t{1}) above_.push_back(client.get());
}

void ClientShares::leave(AppRequest& request) {
    ClientShare* client = std::exchange(request.share, nullptr);
    if (client == nullptr) return;
    client->waiting.remove(request);
    if (client->waiting.size() == share_) std::erase(above_, client);
    if (client->waiting.empty()) clients_.erase(AddressKey(client->address));
}

const ClientShare* ClientShares::share_of(const AppRequest& newcomer) const {
    const auto key = key_of(newcomer);
    const auto found = key ? clients_.find(*key) : clients_.end();
    return found != clients_.end() ? found->second.get() : nullptr;
}

const ClientShare* ClientShares::largest_above() const {
    const auto size = [](const ClientShare* client) { return client->waiting.size(); };
    const auto largest = std::ranges::max_element(above_, {}, size);
    return largest != above_.end() ? *largest : nullptr;
}

}  // namespace bundle
