#include "frontend/client/stream_state.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bundle {

TEST(StreamState, EveryStateHasItsRuleInItsPlace) {
    for (std::size_t i = 0; i < kStreamRules.size(); ++i)
        EXPECT_EQ(kStreamRules[i].state, static_cast<StreamState>(i));
    EXPECT_EQ(kStreamRules.size(), static_cast<std::size_t>(StreamState::Closed) + 1);
}

TEST(StreamState, EveryStateIsReachableAndEndsAtOnce) {
    std::set<StreamState> reached = {StreamState::ReadHead};
    for (const StreamTransition& transition : kStreamTransitions)
        if (reached.contains(transition.in)) reached.insert(transition.to);

    EXPECT_EQ(reached.size(), kStreamRules.size());
    for (const StreamRule& rule : kStreamRules) {
        if (rule.state == StreamState::Closed) continue;
        EXPECT_EQ(next_state(rule.state, StreamEvent::Ended), StreamState::Closed) << rule.doing;
    }
}

TEST(StreamState, NothingLeadsOutOfClosed) {
    for (const StreamTransition& transition : kStreamTransitions)
        EXPECT_NE(transition.in, StreamState::Closed);
}

}  // namespace bundle
