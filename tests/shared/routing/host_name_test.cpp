#include "shared/routing/host_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

TEST(HostName, IsComparedWithoutPortDotAndCase) {
    const struct {
        const char* authority;
        const char* host;
    } table[] = {
        {"shop.example",       "shop.example"      },
        {"Shop.EXAMPLE:8000",  "shop.example"      },
        {"shop.example.",      "shop.example"      },
        {"shop.example.:443",  "shop.example"      },
        {"shop.example:",      "shop.example"      },
        {"192.0.2.1:80",       "192.0.2.1"         },
        {"[2001:DB8::1]",      "[2001:db8::1]"     },
        {"[2001:db8::1]:8000", "[2001:db8::1]"     },
        {"xn--bcher-kva.test", "xn--bcher-kva.test"},
        {"",                   ""                  },
        {".",                  ""                  },
    };
    for (const auto& row : table)
        EXPECT_EQ(HostName(row.authority).view(), row.host) << row.authority;
}

TEST(HostName, WhatIsTooLongForANameIsNone) {
    EXPECT_EQ(HostName(std::string(255, 'a')).view().size(), 255U);
    EXPECT_EQ(HostName(std::string(256, 'a')).view(), "");
}

}  // namespace bundle
