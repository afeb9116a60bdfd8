#include "frontend/client/client_connection.hpp"

#include "tests/frontend/client/connection_fixture.hpp"

namespace bundle {

namespace {

constexpr std::string_view kSite = R"(
[[site]]
app = "shop"

[[site.route]]
path = "/files/"
directory = "site"
)";

class ClientConnectionTest : public ConnectionTest {
  protected:
    ClientConnectionTest() : ConnectionTest(std::string(kSite)) {}
};

}  // namespace

TEST_F(ClientConnectionTest, AClientThatHasResetBeforeItIsAcceptedIsNotServed) {
    FakeWorker worker = new_worker();
    TestClient gone = new_client();
    gone.send("POST /gone HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
    gone.reset();

    TestClient other = new_client();
    other.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
    std::string asked;
    run_until("the other client's request", [&] {
        if (const auto frame = worker.receive()) asked += frame->payload;
        return asked.find("/other") != std::string::npos;
    });

    EXPECT_EQ(asked.find("/gone"), std::string::npos);
    EXPECT_TRUE(access_log_is_empty());
}

TEST_F(ClientConnectionTest, EveryPipelinedRequestIsAnsweredToAClientThatEndedItsSide) {
    FakeWorker worker = new_worker();
    TestClient client = new_client();
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::uint32_t stream = stream_given_to(worker);
    for (int i = 0; i < 3; ++i) client.send("GET /files/a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
    client.end();
    run_until("the client's end",
              [&] { return worker.client(stream) == wire::ClientState::EndedItsSide; });

    worker.answer(stream, "hello");
    read_to_end(client);

    EXPECT_EQ(client.count("HTTP/1.1 200"), 4U);
    EXPECT_EQ(client.count("from a file"), 3U);
    EXPECT_TRUE(client.ended);
}

TEST_F(ClientConnectionTest, ABodyThatNobodyTakesIsRefusedBeforeItIsSent) {
    for (const auto& [path, status] : {std::pair("/files/a.txt", "HTTP/1.1 405"),
                                       std::pair("/files/none.txt", "HTTP/1.1 404")}) {
        TestClient client = new_client();
        client.send(std::string("POST ") + path +
                    " HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
                    "Expect: 100-continue\r\n\r\n");
        read_until(client, status);
        // It may send it all the same: that must not cost it the answer.
        client.send(std::string(100000, 'x'));
        client.end();
        read_to_end(client);

        EXPECT_TRUE(client.ended) << path;
        EXPECT_FALSE(client.has("100 Continue")) << path;
        EXPECT_EQ(client.has("Allow: GET, HEAD, OPTIONS\r\n"), client.has("HTTP/1.1 405")) << path;
        EXPECT_EQ(client.count("HTTP/1.1"), 1U) << client.received;
    }
}

TEST_F(ClientConnectionTest, AnApplicationsBodyIsStillAskedFor) {
    TestClient client = new_client();
    client.send(
        "POST /app HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

    read_until(client, "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_F(ClientConnectionTest, AMethodThatWeNeverAllowIsToldWhichOnesWeDo) {
    for (const char* line : {"TRACE / HTTP/1.1", "CONNECT a:80 HTTP/1.1"}) {
        TestClient client = new_client();
        client.send(std::string(line) + "\r\nHost: a\r\n\r\n");
        read_to_end(client);

        EXPECT_TRUE(client.has("HTTP/1.1 405"));
        EXPECT_TRUE(client.has("Allow: GET, HEAD, POST, ")) << client.received;
    }
}

TEST_F(ClientConnectionTest, WhatAClientSendsBehindItsLastRequestDoesNotCostItTheAnswer) {
    for (const char* last : {"HTTP/1.1\r\nConnection: close", "HTTP/1.0"}) {
        TestClient client = new_client();
        client.send(std::string("GET /files/a.txt ") + last + "\r\nHost: a\r\n\r\n" +
                    std::string(200000, 'x'));
        read_until(client, "from a file");
        client.send(std::string(1000, 'x'));
        client.end();
        read_to_end(client);

        EXPECT_TRUE(client.ended) << "the connection was reset";
        EXPECT_EQ(client.count("HTTP/1.1"), 1U) << client.received;
    }
}

TEST_F(ClientConnectionTest, NorDoesWhatItSendsWhileAnApplicationAnswers) {
    FakeWorker worker = new_worker();
    TestClient client = new_client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::uint32_t stream = stream_given_to(worker);
    client.send(std::string(200000, 'x'));
    for (int i = 0; i < 16; ++i) turn();

    worker.answer(stream, "hello");
    read_until(client, "hello");
    client.send(std::string(1000, 'x'));
    client.end();
    read_to_end(client);

    EXPECT_TRUE(client.ended) << "the connection was reset";
    EXPECT_EQ(client.count("HTTP/1.1"), 1U) << client.received;
}

TEST_F(ClientConnectionTest, AClosingClientThatSentNothingMoreIsNotLingeredFor) {
    TestClient client = new_client();
    client.send("GET /files/a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    read_to_end(client);
    run_until("its connection's end", [&] { return connections_.empty(); });

    EXPECT_TRUE(client.ended);
}

TEST_F(ClientConnectionTest, AnInterruptedDownloadIsLoggedWithWhatWasSentOfIt) {
    constexpr std::uint64_t kSize = 30'000'000;
    std::filesystem::resize_file(files_.write("site/large.bin", ""), kSize);
    TestClient client = new_client(4096);
    client.send("GET /files/large.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    read_until(client, "\r\n\r\n");
    const std::size_t taken = client.received.size() - client.received.find("\r\n\r\n") - 4;

    client.reset();
    run_until("its connection's end", [&] { return connections_.empty(); });

    const std::string line = access_log();
    const auto status = line.find("\" 200 ");
    ASSERT_NE(status, std::string::npos) << line;
    const auto logged = std::stoull(line.substr(status + 6));
    EXPECT_LT(logged, kSize);
    EXPECT_GE(logged, taken);
}

TEST_F(ClientConnectionTest, AWholeDownloadIsLoggedWithItsSize) {
    TestClient client = new_client();
    client.send("GET /files/a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    read_to_end(client);

    EXPECT_NE(access_log().find("\" 200 11 "), std::string::npos) << access_log();
}

}  // namespace bundle
