#include "shared/import/nginx/includes.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

std::vector<std::string> places_of(const Directives& directives) {
    std::vector<std::string> places;
    for (const Directive& directive : directives) places.push_back(directive.place.text());
    return places;
}

TEST(NginxIncludes, FilesArePutWhereTheyAreIncludedAndKeepTheirPlaces) {
    Findings findings;

    const auto read = read_nginx("/etc/nginx/nginx.conf",
                                 files_of({
                                     {"/etc/nginx/nginx.conf", "a;\ninclude conf.d/*;\nb;"},
                                     {"/etc/nginx/conf.d/one", "c;\nd;"                   },
                                     {"/etc/nginx/conf.d/two", "e;"                       }
    }),
                                 findings);

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_THAT(places_of(*read),
                testing::ElementsAre("/etc/nginx/nginx.conf:1", "/etc/nginx/conf.d/one:1",
                                     "/etc/nginx/conf.d/one:2", "/etc/nginx/conf.d/two:1",
                                     "/etc/nginx/nginx.conf:3"));
}

TEST(NginxIncludes, AFileOfSitesAvailableNamesFilesOfTheFolderAbove) {
    Findings findings;

    const auto read =
        read_nginx("/etc/nginx/sites-available/shop",
                   files_of({
                       {"/etc/nginx/sites-available/shop", "include snippets/tls.conf;"},
                       {"/etc/nginx/snippets/tls.conf",    "a;"                        }
    }),
                   findings);

    ASSERT_TRUE(read);
    EXPECT_THAT(places_of(*read), testing::ElementsAre("/etc/nginx/snippets/tls.conf:1"));
}

TEST(NginxIncludes, AFileThatIsNotThereIsTold) {
    Findings findings;

    const auto read =
        read_nginx("/n/c",
                   files_of({
                       {"/n/c", "include tls.conf; include mime.types; include d/*;"}
    }),
                   findings);

    ASSERT_TRUE(read);
    ASSERT_EQ(findings.all().size(), 2U);
    EXPECT_EQ(findings.all()[0].fate, Fate::NotTranslated);
    EXPECT_EQ(findings.all()[1].fate, Fate::NotNeeded);
}

TEST(NginxIncludes, AFileThatIncludesItselfIsAnError) {
    Findings findings;

    const auto read = read_nginx("/n/c",
                                 files_of({
                                     {"/n/c", "include d;"   },
                                     {"/n/d", "include /n/c;"}
    }),
                                 findings);

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "/n/c: it includes itself");
}

TEST(NginxIncludes, AMistakeInAnIncludedFileHasItsPlace) {
    Findings findings;

    const auto read = read_nginx("/n/c",
                                 files_of({
                                     {"/n/c", "include d;"},
                                     {"/n/d", "\n}"       }
    }),
                                 findings);

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "/n/d:2: this \"}\" closes nothing");
}

}  // namespace

}  // namespace bundle::imported
