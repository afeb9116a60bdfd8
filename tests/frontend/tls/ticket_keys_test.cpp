#include "frontend/tls/ticket_keys.hpp"

#include <gtest/gtest.h>

#include <string>

#include "shared/tls/credentials.hpp"

namespace bundle {

using namespace std::chrono_literals;

TEST(TicketKeys, OursAreRenewedAndTheOneBeforeStaysGoodForATerm) {
    TicketKeys keys;
    const TicketKeys::Moment start{1h};
    const TicketKeys::Key first = *keys.current(start);

    EXPECT_EQ(*keys.current(start + TicketKeys::kRenewAfter - 1s), first);
    const TicketKeys::Key second = *keys.current(start + TicketKeys::kRenewAfter);
    EXPECT_NE(second, first);
    ASSERT_NE(keys.find(first.name), nullptr);
    EXPECT_EQ(*keys.find(first.name), first);

    keys.current(start + 2 * TicketKeys::kRenewAfter);
    EXPECT_EQ(keys.find(first.name), nullptr);
    EXPECT_NE(keys.find(second.name), nullptr);
}

TEST(TicketKeys, TheFirstOneOfAFileMakesTicketsAndAllAreGood) {
    TicketKeys keys;
    const std::string one(kTicketKeySize, '1');
    const std::string two(kTicketKeySize, '2');

    keys.use(one + two);

    EXPECT_EQ(keys.current({})->name.front(), '1');
    EXPECT_EQ(keys.current(TicketKeys::Moment{1000h})->name.front(), '1');
    std::array<unsigned char, 16> name{};
    name.fill('2');
    EXPECT_NE(keys.find(name), nullptr);
}

TEST(TicketKeys, OursSurviveAReloadAndThoseOfAFileDoNot) {
    TicketKeys keys;
    const TicketKeys::Key ours = *keys.current(TicketKeys::Moment{1h});
    keys.use({});
    EXPECT_EQ(*keys.current(TicketKeys::Moment{2h}), ours);

    keys.use(std::string(kTicketKeySize, '1'));
    EXPECT_EQ(keys.find(ours.name), nullptr);
    keys.use({});
    EXPECT_NE(keys.current(TicketKeys::Moment{3h})->name.front(), '1');
}

}  // namespace bundle
