#include "shared/config/reference/manual_page.hpp"

#include <gmock/gmock.h>

namespace bundle::config {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string page_of(std::string_view markdown) {
    return manual_page({"name", 7, "what it is for"}, markdown);
}

TEST(ManualPage, BeginsWithTheNameThatAproposFinds) {
    EXPECT_THAT(page_of(""), HasSubstr(".TH \"name\" 7"));
    EXPECT_THAT(page_of(""), EndsWith(".SH NAME\nname \\- what it is for\n"));
}

TEST(ManualPage, AnEntryOfTheReferenceIsATaggedParagraph) {
    EXPECT_THAT(
        page_of("- **`max_body`**: size; default `10M`  \n  A larger body is answered 413.\n"),
        EndsWith(".TP\n\\fBmax_body\\fR\nsize; default \\fB10M\\fR\n.br\n"
                 "A larger body is answered 413.\n"));
}

TEST(ManualPage, HeadingsListsAndCodeHaveTheirRequests) {
    EXPECT_THAT(page_of("# Title\n\n## Rules\n\n- **Sizes** are\n  binary\n1. "
                        "first\n\nand\n\n```\n.x = 'a'\n```\n"),
                EndsWith("what it is for\n.SH \"Rules\"\n.IP \\(bu 2\n\\fBSizes\\fR are\nbinary\n"
                         ".IP 1. 4\nfirst\n.PP\nand\n.PP\n.RS 4\n.nf\n\\&.x = 'a'\n.fi\n.RE\n"));
}

TEST(ManualPage, WhatRoffWouldTakeForItsOwnIsShownAsItIs) {
    EXPECT_THAT(page_of(".hidden -x C:\\n\n'quoted\n"),
                EndsWith("\\&.hidden \\-x C:\\en\n\\&'quoted\n"));
}

TEST(ManualPage, MarksWithoutAnEndAreText) {
    EXPECT_THAT(page_of("only for \"**\" and `that\n"), EndsWith("only for \"**\" and `that\n"));
}

TEST(OptionsManual, HasEveryTableAndItsOptions) {
    const std::string manual = options_manual();

    EXPECT_THAT(manual, HasSubstr(".SH \"\\fB[[site.route]]\\fR\"\n"));
    EXPECT_THAT(manual, HasSubstr(".TP\n\\fBhead_timeout\\fR\nduration"));
    EXPECT_THAT(manual, Not(HasSubstr("<!--")));
}

}  // namespace bundle::config
