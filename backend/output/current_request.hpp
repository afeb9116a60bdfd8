// The id of the request that this thread serves, so that everything it logs can tell.
#pragma once
#include <string_view>

#include "backend/output/python_output.hpp"

namespace bundle {

inline thread_local std::string_view current_request_id;  // "": none

class ServesRequest {
  public:
    explicit ServesRequest(std::string_view id) { current_request_id = id; }
    ServesRequest(const ServesRequest&) = delete;
    ServesRequest& operator=(const ServesRequest&) = delete;
    ~ServesRequest() {
        log_rest_of_output();
        current_request_id = {};
    }
};

}  // namespace bundle
