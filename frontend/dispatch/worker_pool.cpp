#include "frontend/dispatch/worker_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "shared/base/log.hpp"

namespace bundle {

using std::chrono::milliseconds;

namespace {

// So long a request may stand ahead at a worker before another one may have it.
constexpr milliseconds kPatience{5};

// Methods that may run twice without harm (RFC 9110 section 9.2.1).
bool is_safe(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

constexpr Refusal kTookTooLong = {504, "it ran for longer than its request_timeout"};

}  // namespace

WorkerPool::WorkerPool(const AppConfig& config)
    : config_(&config), wanted_(config.workers.min), queue_(config.queue), demand_(config) {}

void WorkerPool::submit(AppRequest& request) {
    request.pool = this;
    queue_.assign_lane(request);
    if (AppQueue::may_go(request) && hand_over(request)) return;
    if (queue_.full()) make_room_for(request);
    if (queue_.full()) {
        request.sink->answer_refused({503, "the queue is full", Limit::QueueMax});
        return;
    }
    queue_.push(request);
}

void WorkerPool::make_room_for(const AppRequest& newcomer) {
    AppRequest* leaves = queue_.gives_way_to(newcomer);
    if (leaves == nullptr) return;
    queue_.remove(*leaves);
    if (queue_.newest_first()) {
        refuse(*leaves, {503, "newer requests fill the queue", Limit::QueueMax});
    } else {
        refuse(*leaves, {503, "others have less of a full queue", Limit::QueueShare});
    }
}

// One that is in nobody's hands.
void WorkerPool::refuse(AppRequest& request, const Refusal& refusal) {
    AnswerSink& sink = *request.sink;  // which may end the request
    sink.answer_refused(refusal);
    sink.answer_flush();
}

bool WorkerPool::hand_over(AppRequest& request) {
    while (!holding_ && !idle_.empty()) {
        WorkerLink& link = best_idle();
        // A worker that cannot be written to is gone, or leaving; reading it will tell.
        no_longer_idle(link);
        if (link.is_idle() && send(request, link)) return true;
    }
    return false;
}

// The time of a request that goes ahead counts from here, too: it is not ahead for long.
bool WorkerPool::send(AppRequest& request, WorkerLink& link) {
    request.handed_over = Moment::clock::now();
    if (request.timeout != milliseconds::zero())
        request.deadline = request.handed_over + request.timeout;
    if (!link.send(request)) {
        request.handed_over = request.deadline = Moment();
        return false;
    }
    request.worker_slot = link.slot();
    request.worker_pid = link.pid();
    deadlines_->cover(request.handed_over + WorkerLink::kLongestStart);  // no deadline is sooner
    return true;
}

// The first look finds it when workers have one thread each.
WorkerLink& WorkerPool::best_idle() const {
    WorkerLink* best = idle_.back();
    for (auto link = idle_.rbegin(); link != idle_.rend(); ++link) {
        if (best->process->idle >= config_->threads) break;
        if ((*link)->process->idle > best->process->idle) best = *link;
    }
    return *best;
}

void WorkerPool::no_longer_idle(WorkerLink& link) {
    const auto place = std::find(idle_.rbegin(), idle_.rend(), &link);
    if (place == idle_.rend()) return;
    idle_.erase(std::next(place).base());
    least_idle_ = std::min(least_idle_, idle_.size());
    --link.process->idle;
}

void WorkerPool::serve_queue() {
    while (!holding_ && !idle_.empty()) {
        AppRequest* request = next();
        // Where all who wait are of routes at their limits, an idle worker is as good as any.
        if (request == nullptr) request = take_back(milliseconds::zero());
        if (request == nullptr) return;
        if (!hand_over(*request)) return put_back(*request);
    }
}

void WorkerPool::go_ahead(WorkerLink& link) {
    if (holding_ || queue_.empty() || link.retired || link.process->doomed || !link.can_go_ahead())
        return;
    AppRequest* request = next();
    if (request == nullptr) return;
    if (!send(*request, link)) return put_back(*request);
    if (std::ranges::find(ahead_, &link) == ahead_.end()) ahead_.push_back(&link);
}

// What is ahead waited longer than what is in the queue, but most of it is about to be begun.
AppRequest* WorkerPool::next() {
    if (AppRequest* stuck = take_back(kPatience)) return stuck;
    if (queue_.empty()) return nullptr;
    const auto now = std::chrono::steady_clock::now();
    AppRequest* request = queue_.next(now);
    if (request != nullptr) queue_.served(*request, now);
    return request;
}

void WorkerPool::put_back(AppRequest& request) {
    request.came_back = true;
    take_over(request);
}

void WorkerPool::take_over(AppRequest& request) {
    request.pool = this;
    queue_.assign_lane(request);
    queue_.push(request);
}

AppRequest* WorkerPool::take_back(milliseconds at_least_ahead_for) {
    for (;;) {
        WorkerLink* longest = nullptr;
        milliseconds waited = at_least_ahead_for;
        for (WorkerLink* link : ahead_) {
            const auto ahead_for = link->ahead_for();
            if (!ahead_for || *ahead_for < waited) continue;
            waited = *ahead_for;
            longest = link;
        }
        if (longest == nullptr) return nullptr;
        AppRequest* request = longest->take_back();
        if (request == nullptr) continue;  // it has just been begun
        if (!longest->may_have_ahead()) std::erase(ahead_, longest);
        return request;
    }
}

void WorkerPool::withdraw(AppRequest& request) {
    if (request.in_queue) queue_.remove(request);
    WorkerLink* link = request.worker;
    if (link == nullptr) return;
    link->cancel(request);
    if (!link->may_have_ahead()) std::erase(ahead_, link);
}

WorkerProcess& WorkerPool::process_of(std::uint32_t pid) {
    for (const auto& process : processes_)
        if (process->pid == pid) return *process;
    processes_.push_back(std::make_unique<WorkerProcess>(WorkerProcess{.pid = pid}));
    return *processes_.back();
}

void WorkerPool::add(std::unique_ptr<WorkerLink> link) {
    link->process = &process_of(link->pid());
    ++link->process->links;
    link->retired = retiring_;
    std::erase_if(unresponsive_, [&](const auto& worker) { return worker.pid == link->pid(); });
    links_.push_back(std::move(link));
}

void WorkerPool::free(WorkerLink& link) {
    if (!link.may_have_ahead()) std::erase(ahead_, &link);
    if (retiring_ && link.is_idle()) return link.drain();
    if (!still_doomed(*link.process)) becomes_idle(link);
    serve_queue();
    go_ahead(link);
}

void WorkerPool::becomes_idle(WorkerLink& link) {
    if (link.retired || !link.is_idle()) return;
    if (std::find(idle_.begin(), idle_.end(), &link) != idle_.end()) return;
    idle_.push_back(&link);
    ++link.process->idle;
}

void WorkerPool::retire(WorkerLink& link) {
    link.retired = true;
    no_longer_idle(link);
}

void WorkerPool::retire_to(WorkerPool& heir) {
    heir_ = &heir;
    while (AppRequest* request = take_back(milliseconds::zero())) heir.put_back(*request);
    for (AppRequest* request : queue_.take_all()) heir.take_over(*request);
    heir.serve_queue();
    retire_all();
}

void WorkerPool::retire_all() {
    if (std::exchange(retiring_, true)) return;
    for (const auto& link : links_) {
        retire(*link);
        if (link->is_idle()) link->drain();
    }
}

void WorkerPool::hold() {
    holding_ = true;
    while (AppRequest* request = take_back(milliseconds::zero())) put_back(*request);
}

// How long they were held is not how long they waited.
void WorkerPool::let_go() {
    holding_ = false;
    const auto now = Moment::clock::now();
    for (AppRequest* request : queue_.take_all()) {
        request->queued = now;
        queue_.push(*request);
    }
    serve_queue();
}

void WorkerPool::lost(WorkerLink& link) {
    no_longer_idle(link);
    std::erase(ahead_, &link);
    for (const auto& [request, begun] : link.give_up_requests()) settle(*request, begun);
    if (--link.process->links == 0)
        std::erase_if(processes_, [&](const auto& owned) { return owned.get() == link.process; });
    std::erase_if(links_, [&](const auto& owned) { return owned.get() == &link; });
    heir().serve_queue();
}

// What becomes of a request whose worker died.
void WorkerPool::settle(AppRequest& request, bool begun) {
    AnswerSink& sink = *request.sink;  // which may end the request
    // The arbiter was quicker than our timer.
    if (begun && request.deadline != Moment() && Moment::clock::now() >= request.deadline) {
        sink.answer_refused(kTookTooLong);
        sink.answer_flush();
        return;
    }
    if (request.answer_begun) {
        sink.answer_end(wire::Outcome::Aborted);
        sink.answer_flush();
        return;
    }
    const bool again =
        config_->retry == Retry::Safe && is_safe(request.head->method) && !request.tried;
    if (!begun || again) {
        log_info("request of a dead worker goes to another {} began={}",
                 OfRequest{request.request_id}, begun);
        request.tried = request.tried || begun;
        return wait_again(request);
    }
    refuse(request, {502, "the worker died while it served the request"});
}

// The time at the worker is no part of its wait for one.
void WorkerPool::wait_again(AppRequest& request) {
    request.queued += Moment::clock::now() - request.handed_over;
    request.handed_over = request.deadline = Moment();
    heir().put_back(request);
}

WorkerPool::Moment WorkerPool::end_overdue(Moment now) {
    Moment earliest = Moment::max();
    std::vector<AppRequest*> overdue;
    std::vector<WorkerLink*> stuck;
    for (const auto& link : links_) {
        earliest = std::min(earliest, link->take_overdue(now, overdue));
        if (link->is_overdue()) doom(*link->process);
        if (link->is_stuck(now, earliest)) stuck.push_back(link.get());
    }
    for (WorkerLink* link : stuck) give_up(*link);
    for (const AppRequest* request : overdue) {
        AnswerSink& sink = *request->sink;
        sink.answer_refused(kTookTooLong);
        sink.answer_flush();
    }
    serve_queue();
    return earliest;
}

void WorkerPool::doom(WorkerProcess& process) {
    process.doomed = true;
    for (const auto& link : links_) {
        if (link->process != &process) continue;
        no_longer_idle(*link);
        while (AppRequest* ahead = link->take_back()) heir().put_back(*ahead);
        std::erase(ahead_, link.get());
    }
}

// The request goes to another worker. This one connects anew when it can, and is one again.
void WorkerPool::give_up(WorkerLink& link) {
    const Moment handed_over = link.serves()->handed_over;
    const milliseconds timeout = link.serves()->timeout;
    AppRequest* const request = link.take_back_unbegun();
    if (request == nullptr) return;  // it has just been begun
    log_warn("worker does not begin what it was given, which goes to another pid={} slot={} {}",
             link.pid(), link.slot(), OfRequest{request->request_id});
    request->handed_over = handed_over;
    wait_again(*request);
    doom(*link.process);
    if (timeout != milliseconds::zero())
        unresponsive_.push_back({link.pid(), handed_over + timeout});
    lost(link);
}

std::vector<std::uint32_t> WorkerPool::take_unresponsive(Moment now) {
    std::vector<std::uint32_t> pids;
    std::erase_if(unresponsive_, [&](const Unresponsive& worker) {
        if (now < worker.until) return false;
        pids.push_back(worker.pid);
        return true;
    });
    return pids;
}

// One that ended its request after all, before the arbiter came to end it, goes on.
bool WorkerPool::still_doomed(WorkerProcess& process) {
    if (!process.doomed) return false;
    for (const auto& link : links_)
        if (link->process == &process && link->is_overdue()) return true;
    process.doomed = false;
    for (const auto& link : links_)
        if (link->process == &process) becomes_idle(*link);
    return false;
}

std::string WorkerPool::why_not_ready() const {
    const auto ready =
        std::ranges::count(processes_, false, [](const auto& process) { return process->doomed; });
    if (ready < config_->min_ready)
        return fmt::format("app {}: {} of {} workers are ready", config_->name, ready,
                           config_->min_ready);
    return queue_.full() ? fmt::format("app {}: its queue is full", config_->name) : "";
}

std::optional<WorkerDemand::Wish> WorkerPool::wish(Moment now) {
    if (holding_) return std::nullopt;
    const auto least_idle = static_cast<std::uint32_t>(std::exchange(least_idle_, idle_.size()));
    return demand_.look({.workers = worker_count(),
                         .least_idle = least_idle,
                         .longest_wait = queue_.longest_wait(now)},
                        now);
}

void WorkerPool::continue_logs_in(int fd, std::uint32_t opening) {
    for (const auto& link : links_)
        if (link->log_opening != opening && link->continue_log_in(fd)) link->log_opening = opening;
}

void WorkerPool::refuse_expired(std::chrono::steady_clock::time_point now) {
    while (AppRequest* stuck = take_back(kPatience)) heir().put_back(*stuck);
    while (AppRequest* request = holding_ ? nullptr : queue_.pop_expired(now)) {
        refuse(*request, {503, "it waited in the queue for too long", Limit::QueueTimeout});
    }
    tell_overload();
}

void WorkerPool::tell_overload() {
    if (told_overload_ == queue_.newest_first()) return;
    told_overload_ = queue_.newest_first();
    if (told_overload_) {
        log_warn("app.{} is overloaded, the newest requests go first waiting={} workers={}",
                 config_->name, queue_.size(), worker_count());
    } else {
        log_info("app.{} is not overloaded any more waiting={}", config_->name, queue_.size());
    }
}

}  // namespace bundle
