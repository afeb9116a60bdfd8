// Owners for what a C library hands out: std::unique_ptr<SSL, FreeWith<SSL_free>>.
#pragma once

namespace bundle {

template <auto Free>
struct FreeWith {
    void operator()(auto* object) const noexcept { Free(object); }
};

}  // namespace bundle
