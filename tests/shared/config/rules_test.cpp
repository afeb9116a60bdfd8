#include "shared/config/rules.hpp"

#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

TEST(Rules, SomethingIsServed) {
    EXPECT_EQ(
        problems_of(site_text("")),
        "site.toml: there is nothing to serve; write [app.main] with wsgi = \"module:callable\"");
    EXPECT_EQ(problems_of(site_text("[[site]]\nroot = \"public\"")), "");
}

TEST(Rules, AnAppIsNamedOnce) {
    EXPECT_EQ(problems_of(site_text("[app.main]\nworkers = 1")),
              "site.toml:1:1: app.main has neither wsgi nor paste, and needs one");
    EXPECT_EQ(problems_of(site_text("[app.main]\npaste = \"a.ini\"\npaste_vars = { b = \"c\" }")),
              "");
    EXPECT_EQ(problems_with("paste = \"a.ini\""),
              "site.toml:3:9: app.main.paste is \"a.ini\", but app.main.wsgi (site.toml:2:8) names "
              "the application already; keep one of them");
    EXPECT_EQ(problems_with("paste_vars = { b = \"c\" }"),
              "site.toml:3:14: app.main.paste_vars is for an ini file; paste names none");
}

TEST(Rules, AnAddressIsListenedToOnce) {
    EXPECT_EQ(
        problems_with("[[listen]]\naddress = \":80\"\n[[listen]]\naddress = \":80\""),
        "site.toml:6:11: listen.1.address is :80 once more; it stands at site.toml:4:11 already");
}

TEST(Rules, OnlyAUnixSocketHasAModeAndAnOwner) {
    EXPECT_EQ(problems_with("[[listen]]\naddress = \":80\"\nmode = \"0600\"\nowner = \"root\""),
              "site.toml:5:8: listen.0.mode has a meaning for a unix socket only\n"
              "site.toml:6:9: listen.0.owner has a meaning for a unix socket only");
    EXPECT_EQ(problems_with("[[listen]]\naddress = \"unix:/a\"\nmode = \"0600\"\nowner = \"root\""),
              "");
}

TEST(Rules, NoPartOfAHeadIsLargerThanTheHead) {
    EXPECT_EQ(
        problems_with("[http]\nmax_head_size = \"4K\"\nmax_header_size = \"4K\""),
        "site.toml:4:17: http.max_request_line is 8K, more than http.max_head_size, which is 4K");
}

TEST(Rules, SocketsFitBelowTheRunDirectory) {
    EXPECT_EQ(problems_with("[server]\nrun_directory = \"/" + std::string(80, 'a') + "\""),
              "site.toml:4:17: server.run_directory has 81 bytes; unix sockets below it need it to "
              "have at most 80");
}

TEST(Rules, AppsHaveNamesThatVariablesCanSpell) {
    EXPECT_EQ(problems_with("[app.\"a b\"]\nwsgi = \"a\"\n[[site]]\napp = \"main\""),
              "site.toml:3:1: app.a b: the name of an app has up to 64 letters, digits, - and _");
    EXPECT_EQ(problems_of(site_text("[app.main]\nwsgi = \"a\"\nenv = { \"A=B\" = \"1\" }")),
              "site.toml:3:7: app.main.env has A=B, which no variable can be called");
}

TEST(Rules, WorkersAreANumberOrALeastAndAMost) {
    const auto problem = [](const std::string& workers) {
        return problems_with("workers = " + workers);
    };
    const std::string is = "site.toml:3:11: app.main.workers is a table; ";
    EXPECT_EQ(problem("{ min = 1, max = 4 }"), "");
    EXPECT_EQ(problem("{ min = 4, max = 4 }"), "");
    EXPECT_EQ(problem("{ max = 4 }"),
              is + "it must have a min and a max that is not less, { min = 2, max = 8 }");
    EXPECT_EQ(problem("{ min = 4, max = 1 }"),
              is + "it must have a min and a max that is not less, { min = 2, max = 8 }");
    EXPECT_EQ(problem("{ min = 0, max = 4 }"), is + "its min is 0: it must be between 1 and 512");
    EXPECT_EQ(problem("{ min = 1, max = \"many\" }"),
              is + "its max is \"many\": it must be a number from 1 to 512");
    EXPECT_EQ(problem("{ min = 1, most = 4 }"),
              is + "most is unknown there; there can be min and max");
    EXPECT_EQ(problem("{ min = 1, max = 4 }\nmin_ready = 2"),
              "site.toml:4:13: app.main.min_ready is 2, more than app.main.workers, which is 1");
}

TEST(Rules, AnAppThatNothingUsesIsDoubted) {
    const auto loaded = load_config(
        site_text(std::string(kSmallest) + "[app.two]\nwsgi = \"a\"\n[[site]]\napp = \"main\""));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->warnings,
              std::vector<std::string>{
                  "site.toml:3:1: no site and no route uses app.two; its workers wait in vain"});
}

TEST(Rules, ThePROXYProtocolNeedsSomeoneWhoMaySpeakIt) {
    const std::string listen = "[[listen]]\naddress = \":80\"\nproxy_protocol = true\n";
    const std::string on_unix = "[[listen]]\naddress = \"unix:/a\"\nproxy_protocol = true\n";

    EXPECT_EQ(problems_with(listen),
              "site.toml:5:18: listen.0.proxy_protocol is true, but nobody is trusted to speak it; "
              "write [trust] proxies = [\"10.0.0.5\"] with the proxy's address or network");
    EXPECT_EQ(problems_with(listen + "[trust]\nproxies = [\"private\"]"), "");
    EXPECT_EQ(problems_with(on_unix + "[trust]\nproxies = [\"loopback\"]"),
              "site.toml:5:18: listen.0.proxy_protocol is true on a unix socket, but trust.proxies "
              "does not name \"unix\"; add it");
    EXPECT_EQ(problems_with(on_unix + "[trust]\nproxies = [\"unix\"]"), "");
    EXPECT_EQ(problems_with(on_unix + "[trust]\nproxies = [\"*\"]"), "");
}

TEST(Rules, WhomToTrustIsAddressesAndKnownWords) {
    EXPECT_EQ(problems_with("[trust]\nproxies = [\"10.0.0.5/8\"]"),
              "site.toml:4:11: trust.proxies is a list; for \"10.0.0.5/8\", it has bits behind its "
              "prefix; write \"10.0.0.0/8\"");
    EXPECT_EQ(problems_with("[trust]\nproxies = [\"10.0.0.1\", \"privat\"]"),
              "site.toml:4:11: trust.proxies is a list; for \"privat\", it must be an address, a "
              "network such as \"10.0.0.0/8\", or one of \"private\", \"loopback\", \"unix\" and "
              "\"*\"");
}

TEST(Rules, FieldsOfTrustedProxiesHaveNamesAndValues) {
    EXPECT_EQ(
        problems_with("[trust]\nclient_ip_header = \"x_real_ip\""),
        "site.toml:4:20: trust.client_ip_header is \"x_real_ip\"; it must not have \"_\" in it");
    EXPECT_EQ(
        problems_with("[trust]\nscheme_headers = { \"a b\" = \"on\" }"),
        "site.toml:4:18: trust.scheme_headers has \"a b\"; it must be the name of a field such "
        "as \"x-forwarded-for\"");
    EXPECT_EQ(
        problems_with("[trust]\nscheme_headers = { x-ssl = \"\" }"),
        "site.toml:4:18: trust.scheme_headers does not say what x-ssl holds when the client's "
        "scheme is https; write { x-ssl = \"https\" }");
    EXPECT_EQ(
        problems_with("[[listen]]\nproxy_protocol = \"yes\""),
        "site.toml:4:18: listen.0.proxy_protocol is \"yes\"; it must be true or false, without "
        "quotes");
}

TEST(Rules, FieldsOfProxiesThatNobodyIsTrustedToSendAreDoubted) {
    const auto warnings_of = [](const std::string& text) {
        return load_config(site_text(kSmallest + text)).value().warnings;
    };

    EXPECT_EQ(warnings_of("[trust]\nclient_ip_header = \"x-real-ip\""),
              std::vector<std::string>{"site.toml:4:20: trust.client_ip_header is not read from "
                                       "anybody, because trust.proxies names nobody"});
    EXPECT_EQ(warnings_of("[trust]\nclient_ip_header = \"x-real-ip\"\nproxies = [\"::1\"]"),
              std::vector<std::string>{});
}

TEST(Rules, TypesOfContentAreWrittenAsTypesAndByEndings) {
    EXPECT_EQ(problems_with("[mime]\nglb = \"model/gltf-binary\"\ntxt = \"text/x; charset=a\""),
              "");
    EXPECT_EQ(problems_with("[mime]\n\".GLB\" = \"model/gltf-binary\"\nb = \"nonsense\"\n"
                            "c = \"text/*\""),
              "site.toml:3:1: mime has \".GLB\"; it must be the ending of a file's name in lower "
              "case, without its dot\n"
              "site.toml:3:1: mime.b is \"nonsense\"; it must be a type such as \"text/html\"\n"
              "site.toml:3:1: mime.c is \"text/*\"; it must be a type such as \"text/html\"");
    EXPECT_EQ(
        problems_with("[[site]]\ngzip_types = [\"html\"]"),
        "site.toml:4:14: site.0.gzip_types is a list; for \"html\", it must be a type such as "
        "\"text/html\", or \"text/*\"");
}

TEST(Rules, CodingsAreThoseThatThereAre) {
    EXPECT_EQ(problems_with("[[site]]\ncompression = [\"br\", \"zstd\", \"gzip\"]"), "");
    EXPECT_EQ(problems_with("[[site]]\ncompression = [\"brotli\"]"),
              "site.toml:4:15: site.0.compression is a list; for \"brotli\", it must be \"br\", "
              "\"zstd\" or \"gzip\"");
}

}  // namespace bundle
