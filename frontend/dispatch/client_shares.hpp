// How many places of a queue each client's address holds (an IPv6 client's /64), so that one that
// holds more than its share can be asked to give one up when the queue is full. Until then nobody
// is kept from using what nobody else wants.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "frontend/client/address_key.hpp"
#include "frontend/dispatch/request_list.hpp"

namespace bundle {

struct ClientShare {
    AddressKey address;
    RequestList<&AppRequest::of_client> waiting;
};

class ClientShares {
  public:
    explicit ClientShares(std::uint32_t share) : share_(share) {}

    // A request of nobody (AppRequest::counted_as) is not counted.
    void enter(AppRequest& request);
    void leave(AppRequest& request);

    // Of the client of a request that is not in yet; nullptr: it holds nothing.
    [[nodiscard]] const ClientShare* share_of(const AppRequest& newcomer) const;
    [[nodiscard]] bool is_used_up(const ClientShare& client) const {
        return client.waiting.size() >= share_;
    }
    // The client that holds most, if that is more than its share.
    [[nodiscard]] const ClientShare* largest_above() const;

  private:
    std::uint32_t share_;
    std::unordered_map<AddressKey, std::unique_ptr<ClientShare>, AddressKeyHash> clients_;
    std::vector<ClientShare*> above_;  // the share: never more than the queue has shares
};

}  // namespace bundle
