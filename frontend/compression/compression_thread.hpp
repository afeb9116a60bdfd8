// Compresses large bodies beside the event loop, so that no other client waits for that.
//
// An answer has at most one job here at a time, which owns all that it works with: whoever wanted
// it may go away meanwhile. Jobs are done in the order in which they came. There is room for a few;
// whoever finds none does the job himself, on the loop, which so never waits for the thread.
#pragma once
#include <uv.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "frontend/answer/answer.hpp"
#include "frontend/client/uv_owner.hpp"
#include "frontend/compression/compression_stream.hpp"

namespace bundle {

struct CompressionJob;

class CompressionSink {
  public:
    // On the loop, some turn after the job was taken.
    virtual void job_done(CompressionJob& job) = 0;

  protected:
    ~CompressionSink() = default;
};

struct CompressionJob {
    std::unique_ptr<CompressionStream> stream;
    std::string bytes;                  // what is to be compressed, or ...
    FilePiece file;                     // ... where it is read from
    std::shared_ptr<const void> owner;  // of the file
    Flush flush = Flush::None;
    std::string out;
    bool failed = false;              // the file cannot be read
    CompressionSink* sink = nullptr;  // the loop's business alone; none: nobody wants it any more

    void run();
};

class CompressionThread {
  public:
    explicit CompressionThread(uv_loop_t* loop);
    CompressionThread(const CompressionThread&) = delete;
    CompressionThread& operator=(const CompressionThread&) = delete;
    // Waits for the job at hand; nobody hears of the others any more.
    ~CompressionThread();

    // Takes it, or returns it: there is no room.
    [[nodiscard]] std::unique_ptr<CompressionJob> offer(std::unique_ptr<CompressionJob> job);

    [[nodiscard]] bool is_idle() const { return under_way_ == 0; }

    static constexpr std::size_t kRoom = 32;

  private:
    using Jobs = std::vector<std::unique_ptr<CompressionJob>>;

    void work();
    void tell_done();

    std::size_t under_way_ = 0;  // jobs whose sinks have not been told
    std::mutex mutex_;           // of the next three
    std::condition_variable changed_;
    std::deque<std::unique_ptr<CompressionJob>> waiting_;
    Jobs done_;
    bool ends_ = false;
    UvOwner<uv_async_t> on_done_;
    std::thread thread_;
};

}  // namespace bundle
