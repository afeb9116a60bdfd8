#include "frontend/client/connection_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace bundle {

TEST(ConnectionState, EveryStateHasItsRuleInItsPlace) {
    for (std::size_t i = 0; i < kConnectionRules.size(); ++i) {
        EXPECT_EQ(kConnectionRules[i].state, static_cast<ConnectionState>(i));
    }
    EXPECT_EQ(rule_of(ConnectionState::Closed).state, ConnectionState::Closed);
    EXPECT_EQ(kConnectionRules.size(), static_cast<std::size_t>(ConnectionState::Closed) + 1);
}

std::set<ConnectionState> reachable_from(ConnectionState start) {
    std::set<ConnectionState> reached = {start};
    for (bool grew = true; grew;) {
        grew = false;
        for (const ConnectionTransition& transition : kConnectionTransitions) {
            if (reached.contains(transition.in)) grew |= reached.insert(transition.to).second;
        }
    }
    return reached;
}

TEST(ConnectionState, EveryStateIsReachableAndReachesClosed) {
    EXPECT_EQ(reachable_from(ConnectionState::ReadPreface).size(), kConnectionRules.size());
    for (const ConnectionRule& rule : kConnectionRules) {
        EXPECT_TRUE(reachable_from(rule.state).contains(ConnectionState::Closed)) << rule.doing;
    }
}

TEST(ConnectionState, AnEventLeadsToOneStateOnly) {
    for (const ConnectionTransition& one : kConnectionTransitions) {
        const auto same =
            std::count_if(kConnectionTransitions.begin(), kConnectionTransitions.end(),
                          [&](const ConnectionTransition& other) {
                              return other.in == one.in && other.on == one.on;
                          });
        EXPECT_EQ(same, 1) << rule_of(one.in).doing;
    }
}

TEST(ConnectionState, NothingLeadsOutOfClosed) {
    for (const ConnectionTransition& transition : kConnectionTransitions) {
        EXPECT_NE(transition.in, ConnectionState::Closed);
    }
}

TEST(ConnectionState, AnAnswerThatExpiresHasALimitToExpire) {
    for (const ConnectionRule& rule : kConnectionRules) {
        if (rule.on_expiry) {
            EXPECT_NE(rule.limit, nullptr) << rule.doing;
        }
    }
}

}  // namespace bundle
