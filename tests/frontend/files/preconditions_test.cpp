#include "frontend/files/preconditions.hpp"

#include <gmock/gmock.h>

namespace bundle {

constexpr std::string_view kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr std::string_view kExactly = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";

const Validators kNow{.etag = "\"a,b\"",
                      .last_modified = kExactly,
                      .modified = std::chrono::sys_seconds(std::chrono::seconds(784'111'777))};

TEST(Preconditions, FieldsDecideInTheOrderOfTheRfc) {
    using enum Verdict;
    const struct {
        Headers fields;
        Verdict expected;
    } table[] = {
        {{},                                                             Proceed    },
        {{{"if-none-match", "\"a,b\""}},                                 NotModified},
        {{{"if-none-match", "W/\"a,b\""}},                               NotModified},
        {{{"if-none-match", "*"}},                                       NotModified},
        {{{"if-none-match", "\"x\" , W/\"y\",\"a,b\""}},                 NotModified},
        {{{"if-none-match", "\"x\""}, {"if-none-match", "\"a,b\""}},     NotModified},
        {{{"if-none-match", "\"a\""}},                                   Proceed    },
        {{{"if-none-match", "a,b"}},                                     Proceed    },
        {{{"if-none-match", "\"a,b"}},                                   Proceed    },
        {{{"if-none-match", "\"x\" \"a,b\""}},                           NotModified},
        {{{"if-none-match", ",,, ,"}},                                   Proceed    },
        {{{"if-modified-since", kExactly}},                              NotModified},
        {{{"if-modified-since", kAfter}},                                NotModified},
        {{{"if-modified-since", "Sunday, 06-Nov-94 08:49:37 GMT"}},      NotModified},
        {{{"if-modified-since", kBefore}},                               Proceed    },
        {{{"if-modified-since", "yesterday"}},                           Proceed    },
        {{{"if-modified-since", kExactly}, {"if-none-match", "\"x\""}},  Proceed    },
        {{{"if-modified-since", kBefore}, {"if-none-match", "\"a,b\""}}, NotModified},
        {{{"if-match", "\"a,b\""}},                                      Proceed    },
        {{{"if-match", "*"}},                                            Proceed    },
        {{{"if-match", "\"x\", \"a,b\""}},                               Proceed    },
        {{{"if-match", "W/\"a,b\""}},                                    Failed     },
        {{{"if-match", "\"x\""}},                                        Failed     },
        {{{"if-match", "\"x\""}, {"if-none-match", "\"a,b\""}},          Failed     },
        {{{"if-match", "\"a,b\""}, {"if-none-match", "\"a,b\""}},        NotModified},
        {{{"if-unmodified-since", kExactly}},                            Proceed    },
        {{{"if-unmodified-since", kAfter}},                              Proceed    },
        {{{"if-unmodified-since", kBefore}},                             Failed     },
        {{{"if-unmodified-since", "yesterday"}},                         Proceed    },
        {{{"if-unmodified-since", kBefore}, {"if-match", "\"a,b\""}},    Proceed    },
    };
    for (const auto& row : table) {
        std::string told;
        for (const HeaderField& field : row.fields)
            told.append(field.name).append(": ").append(field.value) += '\n';
        EXPECT_EQ(check_preconditions(Conditions::in(row.fields), row.fields, kNow), row.expected)
            << told;
    }
}

TEST(Preconditions, ARangeAppliesToExactlyTheStateThatTheClientHasAPartOf) {
    const struct {
        std::string_view if_range;
        bool expected;
    } table[] = {
        {"",          true },
        {"\"a,b\"",   true },
        {kExactly,    true },
        {"W/\"a,b\"", false},
        {"\"x\"",     false},
        {kBefore,     false},
        {kAfter,      false},
        {"a,b",       false},
    };
    for (const auto& row : table) {
        Conditions conditions;
        conditions.if_range = row.if_range;
        EXPECT_EQ(range_applies(conditions, kNow), row.expected) << row.if_range;
    }
}

TEST(Preconditions, AFileWithoutALastModifiedMatchesNoDate) {
    Validators ahead = kNow;
    ahead.last_modified = "";
    Conditions conditions;
    conditions.if_range = kExactly;

    EXPECT_FALSE(range_applies(conditions, ahead));
}

}  // namespace bundle
