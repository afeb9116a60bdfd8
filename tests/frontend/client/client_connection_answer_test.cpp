// What a worker may tell a client's connection, told in every state that the connection can be in.
#include <fcntl.h>

#include "tests/frontend/client/connection_fixture.hpp"

namespace bundle {

namespace {

constexpr int kSmall = 4096;  // bytes; of a client that soon takes no more

struct SinkCall {
    const char* name;
    void (*make)(AnswerSink& sink);
};
const SinkCall kCalls[] = {
    {"Head",
     [](AnswerSink& sink) {
         sink.answer_head({200, "OK", {}});
     }                                                                            },
    {"Interim",
     [](AnswerSink& sink) {
         sink.answer_interim({103, "Hints", {}});
     }                                                                            },
    {"Data",    [](AnswerSink& sink) { sink.answer_data("data"); }                },
    {"File",
     [](AnswerSink& sink) {
         sink.answer_file(OwnedFd(dup(0)), {0, 1});
     }                                                                            },
    {"NoFile",
     [](AnswerSink& sink) {
         sink.answer_file({}, {0, 1});
     }                                                                            },
    {"End",     [](AnswerSink& sink) { sink.answer_end(wire::Outcome::Complete); }},
    {"Failed",  [](AnswerSink& sink) { sink.answer_end(wire::Outcome::Failed); }  },
    {"Aborted", [](AnswerSink& sink) { sink.answer_end(wire::Outcome::Aborted); } },
    {"Refused",
     [](AnswerSink& sink) {
         sink.answer_refused({503, "for a test"});
     }                                                                            },
    {"Nothing", [](AnswerSink& sink) { EXPECT_FALSE(sink.answer_full()); }        },
};

class SinkTest : public ConnectionTest {
  protected:
    AnswerSink& connected() {
        run_until("the client", [&] { return !connections_.empty(); });
        return *connections_.front();
    }
    AnswerSink& asked() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        stream_given_to(worker);
        return connected();
    }

    FakeWorker worker = new_worker();
    TestClient client = new_client(kSmall);
};

}  // namespace

class AnswerSinkTest : public SinkTest {
  public:
    AnswerSink& idle() { return connected(); }
    AnswerSink& reading_head() {
        AnswerSink& sink = connected();
        client.send("GET / HT");
        run_until("the head's beginning", [&] { return !connections_.front()->facts().idle; });
        return sink;
    }
    AnswerSink& reading_body() {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        read_until(client, "100 Continue\r\n\r\n");
        return connected();
    }
    AnswerSink& awaiting() { return asked(); }
    OwnedFd open_file(std::string_view name) {
        return OwnedFd(open((files_ / name).c_str(), O_RDONLY | O_CLOEXEC));
    }
    AnswerSink& awaiting_behind_interim_that_waits() {
        AnswerSink& sink = asked();
        const std::string link(60000, 'x');
        const Headers fields = {
            {"Link", link}
        };
        for (int i = 0; i < 200; ++i) sink.answer_interim({103, "Hints", fields});
        return sink;
    }
    AnswerSink& begun_behind_interim_that_waits() {
        AnswerSink& sink = awaiting_behind_interim_that_waits();
        sink.answer_head({200, "OK", {}});
        sink.answer_flush();
        return sink;
    }
    AnswerSink& begun() { return begun_with({}); }
    AnswerSink& begun_with(const Headers& fields) {
        AnswerSink& sink = asked();
        sink.answer_head({200, "OK", fields});
        return sink;
    }
    AnswerSink& begun_and_sent() {
        AnswerSink& sink = begun();
        sink.answer_data("some");
        sink.answer_flush();
        return sink;
    }
    AnswerSink& sending() {
        AnswerSink& sink = begun();
        const std::string much(12U << 20, 'x');
        sink.answer_data(much);
        sink.answer_flush();
        return sink;
    }
    AnswerSink& sending_the_end() {
        AnswerSink& sink = sending();
        sink.answer_end(wire::Outcome::Complete);
        sink.answer_flush();
        return sink;
    }
    AnswerSink& lingering() {
        client.send("nonsense\r\n\r\n");
        read_to_end(client);
        return connected();
    }
    AnswerSink& closed() {
        AnswerSink& sink = asked();
        connections_.front()->close();
        return sink;
    }

    // The others are served whatever became of that one.
    void expect_others_are_served() {
        FakeWorker another = new_worker();
        TestClient other = new_client();
        other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        std::uint32_t stream = 0;
        FakeWorker* asked_worker = nullptr;
        run_until("the other client's request", [&] {
            for (FakeWorker* each : {&worker, &another}) {
                const auto frame = each->receive();
                if (!frame || frame->header.type != wire::FrameType::Request) continue;
                stream = frame->header.stream;
                asked_worker = each;
            }
            return asked_worker != nullptr;
        });
        asked_worker->answer(stream, "hello");
        read_until(other, "hello");
    }
};

namespace {

using Reach = AnswerSink& (AnswerSinkTest::*)();

const std::pair<const char*, Reach> kSituations[] = {
    {"Idle",                      &AnswerSinkTest::idle                              },
    {"ReadingHead",               &AnswerSinkTest::reading_head                      },
    {"ReadingBody",               &AnswerSinkTest::reading_body                      },
    {"Awaiting",                  &AnswerSinkTest::awaiting                          },
    {"AwaitingWhileInterimWaits", &AnswerSinkTest::awaiting_behind_interim_that_waits},
    {"BegunWhileInterimWaits",    &AnswerSinkTest::begun_behind_interim_that_waits   },
    {"Begun",                     &AnswerSinkTest::begun                             },
    {"BegunAndSent",              &AnswerSinkTest::begun_and_sent                    },
    {"Sending",                   &AnswerSinkTest::sending                           },
    {"SendingTheEnd",             &AnswerSinkTest::sending_the_end                   },
    {"Lingering",                 &AnswerSinkTest::lingering                         },
    {"Closed",                    &AnswerSinkTest::closed                            },
};

class EveryAnswerSinkCall
    : public AnswerSinkTest,
      public testing::WithParamInterface<std::tuple<std::pair<const char*, Reach>, SinkCall>> {};

std::string name_of(const testing::TestParamInfo<EveryAnswerSinkCall::ParamType>& test) {
    return std::string(std::get<0>(test.param).first) + std::get<1>(test.param).name;
}

}  // namespace

TEST_P(EveryAnswerSinkCall, CostsItsOwnConnectionAtMost) {
    const auto& [situation, call] = GetParam();

    AnswerSink& sink = (this->*situation.second)();
    call.make(sink);
    sink.answer_flush();

    expect_others_are_served();
}

INSTANTIATE_TEST_SUITE_P(InEveryState, EveryAnswerSinkCall,
                         testing::Combine(testing::ValuesIn(kSituations),
                                          testing::ValuesIn(kCalls)),
                         name_of);

TEST_F(AnswerSinkTest, AnAnswerOutOfTurnIsAnErrorThatNamesItsClient) {
    AnswerSink& sink = connected();

    sink.answer_data("data");
    read_to_end(client);

    EXPECT_TRUE(client.broken);
    EXPECT_NE(log_.text().find("error test"), std::string::npos);
    EXPECT_NE(log_.text().find("came out of turn"), std::string::npos);
}

TEST_F(AnswerSinkTest, AFileWithoutItsDescriptorIs503BehindAnInterimHeadThatStillWaits) {
    AnswerSink& sink = begun_behind_interim_that_waits();

    sink.answer_file({}, {0, 1});
    sink.answer_flush();

    read_until(client, "HTTP/1.1 503");
    EXPECT_FALSE(client.has("HTTP/1.1 200"));
}

TEST_F(AnswerSinkTest, AClientThatResetsWhileItsFileIsSentIsNoFaultOfTheFile) {
    // With a length: nothing but the file is sent behind the head.
    AnswerSink& sink = begun_with({
        {"Content-Length", "11"}
    });
    sink.answer_flush();
    read_until(client, "HTTP/1.1 200");
    const int socket = connections_.front()->fd();
    client.reset();
    await_condition("the client's reset", [&] {
        pollfd watched{.fd = socket, .events = 0, .revents = 0};
        return poll(&watched, 1, 0) == 1;
    });

    // The loop has not turned: sending the file is what finds the client gone.
    sink.answer_file(open_file("site/a.txt"), {0, 11});
    sink.answer_flush();
    run_until("its connection's end", [&] { return connections_.empty(); });

    EXPECT_EQ(log_.text().find("aborted"), std::string::npos) << log_.text();
}

TEST_F(AnswerSinkTest, AFileThatIsShorterThanWasSaidAbortsItsAnswer) {
    AnswerSink& sink = begun();
    sink.answer_file(open_file("site/a.txt"), {0, 12});
    sink.answer_flush();
    read_to_end(client);

    EXPECT_TRUE(client.broken);
    EXPECT_NE(log_.text().find("aborted reason=\"its file"), std::string::npos) << log_.text();
}

TEST_F(AnswerSinkTest, AnAnswerThatNothingWasSentOfIsLoggedAs499) {
    AnswerSink& sink = begun_behind_interim_that_waits();
    sink.answer_data("never sent");
    client.reset();
    run_until("its connection's end", [&] { return connections_.empty(); });

    EXPECT_NE(access_log().find("\" 499 0 "), std::string::npos) << access_log();
}

}  // namespace bundle
