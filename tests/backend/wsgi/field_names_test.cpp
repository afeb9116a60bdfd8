#include "backend/wsgi/field_names.hpp"

#include <fmt/format.h>

#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

class FieldNamesTest : public ::testing::Test {
  protected:
    FieldNamesTest() { need_python(); }
    std::string key(std::string_view name) { return PyUnicode_AsUTF8(names_.key(name).get()); }
    FieldNames names_;
};

TEST_F(FieldNamesTest, AKeyIsUpperCaseWithAPrefix) {
    EXPECT_EQ(key("x-request-id"), "HTTP_X_REQUEST_ID");
    EXPECT_EQ(key("!#$%&'*+.^_`|~09az"), "HTTP_!#$%&'*+.^_`|~09AZ");
}

TEST_F(FieldNamesTest, TheKeyOfAKnownNameIsTheSameObject) {
    ASSERT_TRUE(names_.seed());

    EXPECT_EQ(names_.key("user-agent").get(), names_.key("user-agent").get());
    EXPECT_EQ(names_.key("x-mine").get(), names_.key("x-mine").get());
}

TEST_F(FieldNamesTest, AClientCannotMakeTheTableGrow) {
    ASSERT_TRUE(names_.seed());
    for (int i = 0; i < 2000; ++i)
        EXPECT_EQ(key(fmt::format("x-{}", i)), fmt::format("HTTP_X_{}", i));
    EXPECT_EQ(names_.size(), FieldNames::kMaxNames);
}

TEST_F(FieldNamesTest, LongNamesAreNotKept) {
    const std::string name(FieldNames::kMaxNameLength + 1, 'x');

    EXPECT_EQ(key(name), "HTTP_" + std::string(name.size(), 'X'));
    EXPECT_EQ(names_.size(), 0U);
}

}  // namespace bundle
