#include "shared/base/log_service/log_message.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using namespace std::string_view_literals;

LogService service() {
    LogService service;
    service.facility = 23;
    service.tag = "shop";
    service.machine = "web1";
    return service;
}

const MessageFacts kFacts = {Severity::Warning, "access", "2026-11-20T12:00:00.123456Z", 4711};

}  // namespace

TEST(LogMessage, SyslogHasTheFormOfRfc5424) {
    std::string out;

    append_syslog_message(out, service(), kFacts, "GET / 200");

    EXPECT_EQ(out, "<188>1 2026-11-20T12:00:00.123456Z web1 shop 4711 access - GET / 200");
}

TEST(LogMessage, JournaldHasFieldsOfALineEach) {
    std::string out;

    append_journal_message(out, service(), kFacts, "GET / 200");
    append_journal_field(out, "BUNDLE_STATUS", "200");
    append_journal_field(out, "BUNDLE_APP", "");

    EXPECT_EQ(out,
              "MESSAGE=GET / 200\nPRIORITY=4\nSYSLOG_IDENTIFIER=shop\nSYSLOG_FACILITY=23\n"
              "SYSLOG_PID=4711\nBUNDLE_LOG=access\nBUNDLE_STATUS=200\n");
}

TEST(LogMessage, ALineBreakInAFieldBeginsNoOtherField) {
    std::string out;

    append_journal_field(out, "MESSAGE", "a\nPRIORITY=0");

    EXPECT_EQ(out, "MESSAGE\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0\n"sv);
}

TEST(LogMessage, ATextThatNoDatagramHoldsIsCut) {
    std::string out;

    append_syslog_message(out, service(), kFacts, std::string(200'000, 'a'));

    EXPECT_LT(out.size(), 60'000U);
}

}  // namespace bundle
