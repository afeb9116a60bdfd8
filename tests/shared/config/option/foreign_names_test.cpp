#include "shared/config/option/foreign_names.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "shared/config/option/description.hpp"

namespace bundle::config {

namespace {

const TableDescription* find_header(const TableDescription& table, std::string_view header) {
    if (table.header == header) return &table;
    for (const TableDescription& part : table.tables)
        if (const TableDescription* found = find_header(part, header)) return found;
    return nullptr;
}

}  // namespace

TEST(ForeignNames, LeadToOptionsThatThereAre) {
    for (const ForeignName& name : foreign_names()) {
        const TableDescription* table = find_header(configuration_description(), name.table);
        ASSERT_TRUE(table) << name.table;
        EXPECT_TRUE(table->find_option(name.option)) << name.option << " of " << name.table;
    }
}

TEST(ForeignNames, HaveDashesOrUnderscores) {
    EXPECT_EQ(our_name_for("harakiri")->option, "request_timeout");
    EXPECT_EQ(our_name_for("http-socket")->table, "[[listen]]");
    EXPECT_EQ(our_name_for("http_socket")->table, "[[listen]]");
    EXPECT_FALSE(our_name_for("http socket"));
}

TEST(ForeignNames, AreToldWhereTheyAreUsed) {
    const TableDescription& whole = configuration_description();
    EXPECT_EQ(what_was_meant("timeout", whole), "; here it is request_timeout of [app.NAME]");
}

}  // namespace bundle::config
