// The loop of `bundle serve`: signals, children's ends and children's words go to Supervision, and
// what that decides is carried out. One thread, no libuv, no client byte, no Python.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/config/config.hpp"
#include "shared/master/child.hpp"
#include "shared/master/report.hpp"
#include "shared/master/resources.hpp"
#include "shared/master/sd_notify.hpp"
#include "shared/master/supervision.hpp"

namespace bundle {

class Master {
  public:
    // `children`: the front, then the arbiters in the order of config.apps; what they inherit lies
    // in `resources`. `config` is what they get to read.
    Master(Resources resources, const Config& config, std::vector<Child> children,
           StartReport report, Notifier notifier);

    // Until everything has ended; gives the exit status of serve.
    int run();

  private:
    using Moment = Supervision::Moment;

    void act();
    void carry_out(const Supervision::Step& step);
    void start(ChildNumber number);
    void wait_for_something();
    void take_signals();
    void take_signal(int signal);
    void reap();
    void bury(ChildNumber number, int wait_status);
    void hear(ChildNumber number, const wire::ControlMessage& message);
    void count_workers(const wire::ControlMessage& message);
    void stop(StopKind how, std::string_view signal);
    void tell_phase();

    struct AppProgress {
        std::string name;
        std::uint32_t wanted = 0;
        std::uint32_t min_ready = 0;
        bool complete =
            false;  // all were ready once: from then on the arbiter's own lines tell the story
    };

    Resources resources_;
    std::string config_text_;
    milliseconds stop_within_;  // drain_delay and drain_timeout
    std::vector<Child> children_;
    std::vector<AppProgress> apps_;
    Supervision supervision_;
    StartReport report_;
    Notifier notifier_;
    OwnedFd signals_;
    Phase told_ = Phase::Starting;
};

}  // namespace bundle
