#include "shared/master/sources/source_watch.hpp"

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <tuple>
#include <utility>

#include "shared/base/log.hpp"
#include "shared/wire/source_reports.hpp"

namespace bundle {

namespace fs = std::filesystem;

namespace {

// What a worker may make us watch.
constexpr std::size_t kMostReported = 8192;
// Looking may take this part of the time.
constexpr int kPollShare = 10;

// Others may change what lies there, and the kernel here does not hear of it. Not all of these are
// in linux/magic.h.
bool is_remote(const std::string& folder) {
    constexpr std::array<unsigned long, 9> kRemote = {
        NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,  SMB2_SUPER_MAGIC, CIFS_SUPER_MAGIC, V9FS_MAGIC,
        FUSE_SUPER_MAGIC, CEPH_SUPER_MAGIC, AFS_SUPER_MAGIC,  0x786f4256UL /* VirtualBox */};
    struct statfs status {};
    if (statfs(folder.c_str(), &status) != 0) return false;
    return std::ranges::find(kRemote, static_cast<unsigned long>(status.f_type)) != kRemote.end();
}

timespec time_of_files() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return now;
}

bool is_later(const timespec& one, const timespec& other) {
    return std::tie(one.tv_sec, one.tv_nsec) > std::tie(other.tv_sec, other.tv_nsec);
}

}  // namespace

void SourceWatch::follow(const Config& config, const fs::path& file,
                         const std::vector<std::string>& included) {
    if (!config.dev.reload) {
        *this = SourceWatch();
        return;
    }
    const bool begins = how_ == How::NotAtAll;
    rules_ = SourceRules(config, file, included);
    places_ = rules_.places();
    for (const std::string& folder : reported_) places_.push_back({folder, Depth::Alone});
    if (begins) {
        const std::string path = config.server.run_directory + "/" + wire::kSourceReportsName;
        if (auto opened = wire::open_source_reports(path)) {
            reports_ = std::move(*opened);
            reports_file_ = SocketFile(path);
        } else {
            log_warn("dev.reload: {}; modules outside the app's folder are not watched",
                     opened.error().message);
        }
        begin();
    }
    const std::vector<SourcePlace> places = places_;
    for (const SourcePlace& place : places) add_place(place);
    if (begins && how_ == How::Told) log_info("dev.reload: watching {} folders", watch_->size());
}

void SourceWatch::begin() {
    how_ = How::Told;
    since_ = time_of_files();
    auto opened = FolderWatch::open();
    if (!opened) return poll_instead(opened.error().message);
    watch_ = std::move(*opened);
}

void SourceWatch::add_place(const SourcePlace& place) {
    if (how_ != How::Told) return;
    if (is_remote(place.folder))
        return poll_instead(place.folder + " lies on a file system of others");
    if (const auto added = watch_->add(place); !added) poll_instead(added.error().message);
}

void SourceWatch::poll_instead(const std::string& reason) {
    how_ = How::Polled;
    watch_.reset();
    poll_.look(rules_, places_);
    next_poll_ = Moment::clock::now() + kPollInterval;
    log_warn("dev.reload: {}; looking at {} files every {} ms instead", reason, poll_.files(),
             kPollInterval.count());
}

void SourceWatch::add_sources(std::vector<pollfd>& sources) const {
    if (watch_) sources.push_back({watch_->fd(), POLLIN, 0});
    if (reports_) sources.push_back({reports_.get(), POLLIN, 0});
}

void SourceWatch::look(Moment now) {
    if (how_ == How::NotAtAll) return;
    hear_reports(now);
    if (how_ == How::Told) take_told(now);
    if (how_ == How::Polled && now >= next_poll_) poll_folders(now);
}

void SourceWatch::take_told(Moment now) {
    const auto changed = watch_->take(rules_);
    if (!changed) return poll_instead(changed.error().message);
    note(*changed, now);
}

void SourceWatch::poll_folders(Moment now) {
    note(poll_.look(rules_, places_), now);
    const auto took = Moment::clock::now() - now;
    next_poll_ = now + std::max<Moment::duration>(kPollInterval, took * kPollShare);
}

void SourceWatch::hear_reports(Moment now) {
    std::vector<std::string> heard;
    for (std::string report; !(report = wire::hear_source_report(reports_.get())).empty();) {
        for (std::size_t at = 0, end = 0; at < report.size(); at = end + 1) {
            end = std::min(report.find('\n', at), report.size());
            const std::string folder = report.substr(at, end - at);
            if (!folder.starts_with('/') || reported_.size() >= kMostReported ||
                !reported_.insert(folder).second)
                continue;
            places_.push_back({folder, Depth::Alone});
            add_place(places_.back());
            heard.push_back(folder);
        }
    }
    if (how_ == How::Polled && !heard.empty()) poll_folders(now);
    for (const std::string& folder : heard) note(changed_since_in(folder), now);
}

// A module may have been saved between its import and its report, when nobody watched it.
std::vector<fs::path> SourceWatch::changed_since_in(const std::string& folder) const {
    std::vector<fs::path> changed;
    for_each_file(folder, [&](const fs::path& file) {
        struct stat status {};
        if (rules_.counts(file) && stat(file.c_str(), &status) == 0 &&
            is_later(status.st_ctim, since_))
            changed.push_back(file);
    });
    return changed;
}

void SourceWatch::note(const std::vector<fs::path>& changed, Moment now) {
    if (changed.empty()) return;
    if (!due_) latest_ = now + kLongest;
    due_ = std::min(now + kQuiet, latest_);
    changed_.insert(changed.begin(), changed.end());
}

std::optional<SourceWatch::Moment> SourceWatch::next_due() const {
    if (how_ != How::Polled) return due_;
    return std::min(due_.value_or(next_poll_), next_poll_);
}

std::optional<std::string> SourceWatch::take_change(Moment now) {
    if (!due_ || now < *due_) return std::nullopt;
    due_.reset();
    since_ = time_of_files();
    const auto changed = std::exchange(changed_, {});
    std::string what = log_quoted(changed.begin()->native());
    if (changed.size() > 1) what += fmt::format(" and {} more", changed.size() - 1);
    return what;
}

}  // namespace bundle
