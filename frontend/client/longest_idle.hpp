// Who gives way when there is no room for another connection.
#pragma once
#include <cstddef>
#include <memory>
#include <span>

#include "frontend/client/client_connection.hpp"

namespace bundle {

// Closes some of the connections that wait for a request, those that have waited longest; how many.
// All of them are looked at, so that a request costs nothing for this: therefore a share of them
// goes at a time.
std::size_t close_longest_idle(std::span<const std::unique_ptr<ClientConnection>> connections);

}  // namespace bundle
