#include "frontend/observe/basic_user.hpp"

#include <gtest/gtest.h>

namespace bundle {

std::string user_of(std::string_view authorization) {
    std::string into;
    return std::string(basic_user(authorization, into));
}

TEST(BasicUser, TheNameStandsBeforeTheColon) {
    EXPECT_EQ(user_of("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "Aladdin");
    EXPECT_EQ(user_of("basic   ZXZlOg=="), "eve");
}

TEST(BasicUser, ThePasswordIsNotDecoded) {
    std::string into;
    basic_user("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", into);

    EXPECT_EQ(into, "Aladdin");
}

TEST(BasicUser, WhatIsNoBasicAuthorizationHasNone) {
    for (const char* other :
         {"", "Basic", "Basic ", "Bearer QWxhZGRpbjpv", "Basic QWxh*", "Basic eA=="})
        EXPECT_EQ(user_of(other), "") << other;
}

TEST(BasicUser, ANameWithoutEndIsNone) {
    EXPECT_EQ(user_of("Basic " + std::string(10'000, 'A')), "");
}

}  // namespace bundle
