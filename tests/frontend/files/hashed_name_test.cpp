#include "frontend/files/hashed_name.hpp"

#include <gtest/gtest.h>

namespace bundle {

TEST(HashedName, ToldByWhatTheUsualToolsWrite) {
    const char* const hashed[] = {
        "site.55e7cbb9ba48.css",
        "css/base.0123456789ab.css",
        "55e7cbb9ba48.js",
        "logo.55e7cbb9ba48",
        "main.0123abcd.chunk.js",
        "main.0123abcd.js.map",
        "main-0123abcd.js",
        "index-DiwrgTda.js",
        "index-Bq7XkP_2.css",
        "app-QOKJUS2T.css",
        "a-b-DiwrgTda.woff2",
        "vendor-D-x_a1bC.js",
        "a.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.js",
    };
    for (const char* name : hashed) EXPECT_TRUE(is_hashed_name(name)) << name;
}

TEST(HashedName, AWordADateOrAVersionIsNone) {
    const char* const plain[] = {
        "",
        "site.css",
        "jquery-3.7.1.min.js",
        "report.20230401.csv",
        "photo-20230401.jpg",
        "index-template.html",
        "deadbeef.txt",
        "abc123.js",
        "model-iPhone12.jpg",
        "logo-Bluebird.svg",
        "hero-DSC01234.jpg",
        "invoice-INV00012.pdf",
        "55e7cbb9ba48/site.css",
        "README",
        "a.0123ABCD.js",
    };
    for (const char* name : plain) EXPECT_FALSE(is_hashed_name(name)) << name;
}

}  // namespace bundle
