#include "backend/python/wsgi_name.hpp"

#include <gtest/gtest.h>

namespace bundle {
namespace {

TEST(WsgiName, AModuleAloneLeavesTheCallableOpen) {
    const auto name = parse_wsgi_name("shop.wsgi");

    ASSERT_TRUE(name);
    EXPECT_EQ(name->module, "shop.wsgi");
    EXPECT_EQ(name->callable, "");
    EXPECT_EQ(name->arguments, std::nullopt);
}

TEST(WsgiName, ACallableMayBeNested) {
    const auto name = parse_wsgi_name("shop:site.app");

    ASSERT_TRUE(name);
    EXPECT_EQ(name->module, "shop");
    EXPECT_EQ(name->callable, "site.app");
}

TEST(WsgiName, AFactoryKeepsItsArgumentsAsWritten) {
    const auto name = parse_wsgi_name("shop:create_app('a(b):c', debug=False)");

    ASSERT_TRUE(name);
    EXPECT_EQ(name->callable, "create_app");
    EXPECT_EQ(name->arguments, "'a(b):c', debug=False");
    EXPECT_EQ(parse_wsgi_name("shop:create_app()")->arguments, "");
}

TEST(WsgiName, WhatCannotBeANameIsRefusedWithTheReason) {
    const std::pair<const char*, const char*> cases[] = {
        {"",                 "is no module's name"  },
        {":app",             "is no module's name"  },
        {"shop wsgi",        "is no module's name"  },
        {"shop..wsgi:app",   "is no module's name"  },
        {"1shop:app",        "is no module's name"  },
        {"shop:",            "is no callable's name"},
        {"shop:app:more",    "is no callable's name"},
        {"shop:app.",        "is no callable's name"},
        {"shop:(1)",         "is no callable's name"},
        {"shop:make(1",      "no closing bracket"   },
        {"shop:make(1).app", "no closing bracket"   },
        {"hello.py",         "hello.py is a file"   },
        {"hello.py:app",     "hello.py is a file"   },
        {"src/hello:app",    "src/hello is a file"  },
    };
    for (const auto& [text, reason] : cases) {
        const auto name = parse_wsgi_name(text);
        ASSERT_FALSE(name) << text;
        EXPECT_NE(name.error().message.find(reason), std::string::npos) << name.error().message;
    }
}

}  // namespace
}  // namespace bundle
