#include "frontend/compression/compression_thread.hpp"

#include <csignal>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/file_text.hpp"

namespace bundle {

void CompressionJob::run() {
    if (file.fd >= 0) {
        bytes.resize(file.length);
        failed = !read_at(file.fd, bytes, file.offset);
        if (failed) return;
    }
    stream->add(bytes, flush, out);
}

CompressionThread::CompressionThread(uv_loop_t* loop) {
    auto on_done = std::make_unique<uv_async_t>();
    BUNDLE_CHECK(uv_async_init(loop, on_done.get(), [](uv_async_t* handle) {
                     if (handle->data != nullptr)
                         static_cast<CompressionThread*>(handle->data)->tell_done();
                 }) == 0);
    on_done->data = this;
    on_done_.reset(on_done.release());
    // Signals are the loop's.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { work(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

CompressionThread::~CompressionThread() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

std::unique_ptr<CompressionJob> CompressionThread::offer(std::unique_ptr<CompressionJob> job) {
    if (under_way_ >= kRoom) return job;
    ++under_way_;
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(job));
    }
    changed_.notify_one();
    return nullptr;
}

void CompressionThread::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) return;
        auto job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        job->run();
        lock.lock();
        done_.push_back(std::move(job));
        uv_async_send(on_done_.get());
    }
}

void CompressionThread::tell_done() {
    Jobs done;
    {
        const std::lock_guard lock(mutex_);
        done.swap(done_);
    }
    // Whoever is told may send his next one at once, and may end what others wait for.
    for (const auto& job : done) {
        --under_way_;
        if (job->sink != nullptr) job->sink->job_done(*job);
    }
}

}  // namespace bundle
