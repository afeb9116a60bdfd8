#include "shared/import/nginx/location.hpp"

#include <fmt/format.h>

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

constexpr const char* kServer =
    "server {{ server_name a.example; root /srv/public; location / {{ proxy_pass "
    "http://127.0.0.1:8000; }} {} }}";

std::string routes_of(const std::string& location) {
    const Import imported = nginx(fmt::format(fmt::runtime(kServer), location));
    const std::string text = site_text_of(imported);
    const auto begin = text.find("[[site.route]]\n");
    if (begin == std::string::npos) return "none";
    return text.substr(begin);
}

TEST(NginxLocation, FilesOfRootLieBelowThePathAndThoseOfAliasDoNot) {
    EXPECT_EQ(routes_of("location /static/ { }"),
              "[[site.route]]\npath = \"/static/\"\ndirectory = \"/srv/public/static/\"\n");
    EXPECT_EQ(routes_of("location /static/ { alias /srv/s/; }"),
              "[[site.route]]\npath = \"/static/\"\ndirectory = \"/srv/s/\"\n");
    EXPECT_EQ(routes_of("location = /favicon.ico { root /srv/icons; }"),
              "[[site.route]]\npath = \"=/favicon.ico\"\ndirectory = \"/srv/icons/\"\n");
    EXPECT_EQ(routes_of("location ~ \\.css$ { expires 1d; }"),
              "[[site.route]]\npath = \"*.css\"\ndirectory = \"/srv/public\"\nexpires = \"1d\"\n");
}

TEST(NginxLocation, WhatIsNotThereIsAnsweredAsTryFilesSays) {
    EXPECT_EQ(routes_of("location /media/ { try_files $uri @app; } location @app { proxy_pass "
                        "http://127.0.0.1:8000; }"),
              "[[site.route]]\npath = \"/media/\"\ndirectory = \"/srv/public/media/\"\nfallback = "
              "\"app\"\n");
    EXPECT_EQ(routes_of("location /spa/ { alias /srv/spa/; try_files $uri /spa/index.html; }"),
              "[[site.route]]\npath = \"/spa/\"\ndirectory = \"/srv/spa/\"\nfallback = "
              "\"/index.html\"\n");
}

TEST(NginxLocation, AFallbackIsBelowTheFolderOfItsRoute) {
    EXPECT_EQ(routes_of("location /app { root /srv/spa; try_files $uri $uri/ /app/index.html; }"),
              "[[site.route]]\npath = \"/app\"\ndirectory = \"/srv/spa/app\"\nfallback = "
              "\"/index.html\"\n");
    EXPECT_EQ(routes_of("location /app { root /srv/spa; try_files $uri /apple/index.html; }"),
              "[[site.route]]\npath = \"/app\"\ndirectory = \"/srv/spa/app\"\n");
}

TEST(NginxLocation, APassWithASlashCutsThePathOff) {
    EXPECT_EQ(routes_of("location /shop/ { proxy_pass http://127.0.0.1:8000/; proxy_read_timeout "
                        "5m; proxy_buffering off; }"),
              "[[site.route]]\npath = \"/shop/\"\napp = \"main\"\nmount = "
              "\"/shop\"\nrequest_timeout = \"5m\"\nbuffering = false\n");
    EXPECT_EQ(routes_of("location /shop/ { proxy_pass http://127.0.0.1:8000; proxy_set_header "
                        "SCRIPT_NAME /shop; }"),
              "[[site.route]]\npath = \"/shop/\"\napp = \"main\"\nmount = \"/shop\"\n");
}

TEST(NginxLocation, AnswersWithoutFileOrApplicationAreReturnsAndRedirects) {
    EXPECT_EQ(
        routes_of("location = /ping { default_type text/plain; return 200 \"pong\\n\"; }"),
        "[[site.route]]\npath = \"=/ping\"\nreturn = 200\nbody = \"pong\\u000a\"\nheaders.set = "
        "{ Content-Type = \"text/plain\" }\n");
    EXPECT_EQ(routes_of("location /old/ { return 302 https://b.example$request_uri; }"),
              "[[site.route]]\npath = \"/old/\"\nredirect = "
              "\"https://b.example$request_uri\"\nstatus = 302\n");
    EXPECT_EQ(routes_of("location /x { return 444; }"),
              "[[site.route]]\npath = \"/x\"\nreturn = 444\n"
              "[[site.route]]\npath = \"/x**\"\nreturn = 444\n");
}

TEST(NginxLocation, AnActionThatBundleDoesNotHaveIsAnswered404AndNotAsTheRestOfTheSite) {
    EXPECT_EQ(routes_of("location /php/ { fastcgi_pass 127.0.0.1:9000; expires 1d; }"),
              "[[site.route]]\npath = \"/php/\"\nreturn = 404\n");
    EXPECT_EQ(routes_of("location /other/ { proxy_pass http://10.0.0.7; }"),
              "[[site.route]]\npath = \"/other/\"\nreturn = 404\n");
}

TEST(NginxLocation, WhatNoRouteCanSayIsLeftOut) {
    EXPECT_EQ(routes_of("location ~ ^/u/(.+)$ { alias /srv/u/$1; }"), "none");
    EXPECT_EQ(routes_of("location ~ /\\.ht { deny all; }"), "none");
    EXPECT_EQ(routes_of("location /a*/ { proxy_pass http://127.0.0.1:8000/; }"), "none");
}

TEST(NginxLocation, NestedLocationsHaveWhatTheirOuterOneSays) {
    EXPECT_EQ(routes_of("location /a/ { root /srv/a; location /a/b/ { expires 1h; } }"),
              "[[site.route]]\npath = \"/a/\"\ndirectory = \"/srv/a/a/\"\n"
              "[[site.route]]\npath = \"/a/b/\"\ndirectory = \"/srv/a/a/b/\"\nexpires = \"1h\"\n");
}

}  // namespace

}  // namespace bundle::imported
