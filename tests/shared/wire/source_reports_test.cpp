#include "shared/wire/source_reports.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle::wire {

TEST(SourceReports, AreHeardInPiecesOfWholeLines) {
    const TempDirectory directory;
    const std::string path = directory / "sources.sock";
    const auto socket = open_source_reports(path);
    ASSERT_TRUE(socket) << socket.error().message;
    std::string folders;
    while (folders.size() < kLongestSourceReport * 3 / 2) folders += "/usr/lib/python/shop\n";

    report_sources(path, folders);

    const std::string first = hear_source_report(socket->get());
    EXPECT_LE(first.size(), kLongestSourceReport);
    EXPECT_TRUE(first.ends_with("shop\n"));
    EXPECT_EQ(first + hear_source_report(socket->get()), folders);
    EXPECT_EQ(hear_source_report(socket->get()), "");
}

TEST(SourceReports, AFileOfOneWhoHasEndedIsReplaced) {
    const TempDirectory directory;
    const std::string path = directory / "sources.sock";
    ASSERT_TRUE(open_source_reports(path));

    EXPECT_TRUE(open_source_reports(path));
}

TEST(SourceReports, WhereNobodyListensNothingHappens) {
    report_sources("/nonexistent/sources.sock", "/srv\n");
    report_sources(std::string(200, 'x'), "/srv\n");
}

}  // namespace bundle::wire
