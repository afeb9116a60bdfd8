#include "backend/python/wsgi_name.hpp"

#include <gtest/gtest.h>

namespace bundle {
namespace {

TEST(WsgiName, AModuleAloneLeavesTheCallableOpen) {
    const WsgiName name = parts_of_wsgi_name("shop.wsgi");

    EXPECT_EQ(name.module, "shop.wsgi");
    EXPECT_EQ(name.callable, "");
    EXPECT_EQ(name.arguments, std::nullopt);
}

TEST(WsgiName, ACallableMayBeNested) {
    const WsgiName name = parts_of_wsgi_name("shop:site.app");

    EXPECT_EQ(name.module, "shop");
    EXPECT_EQ(name.callable, "site.app");
    EXPECT_EQ(name.arguments, std::nullopt);
}

TEST(WsgiName, AFactoryKeepsItsArgumentsAsWritten) {
    const WsgiName name = parts_of_wsgi_name("shop:create_app('a(b):c', debug=False)");

    EXPECT_EQ(name.module, "shop");
    EXPECT_EQ(name.callable, "create_app");
    EXPECT_EQ(name.arguments, "'a(b):c', debug=False");
    EXPECT_EQ(parts_of_wsgi_name("shop:create_app()").arguments, "");
}

}  // namespace
}  // namespace bundle
