// Tells when the files of the applications have changed, for dev.reload: once for changes that
// follow each other closely, so that a save by renaming or a checkout of hundreds of files is one.
//
// Watched are the folders of the applications and, beyond these, those of the modules that they
// have imported, which workers report on a socket in the run directory. Where the kernel does not
// tell of changes (its limits are reached, or the files lie on a network), they are looked for.
#pragma once
#include <poll.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/master/sources/folder_poll.hpp"
#include "shared/master/sources/folder_watch.hpp"
#include "shared/master/unix_listener.hpp"

namespace bundle {

class SourceWatch {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds kQuiet{100};
    static constexpr std::chrono::seconds kLongest{5};  // when it never gets quiet
    static constexpr std::chrono::milliseconds kPollInterval{500};

    // From now on the sources of `config`; nothing without dev.reload. `file` is where it stands,
    // `included` what that includes.
    void follow(const Config& config, const std::filesystem::path& file,
                const std::vector<std::string>& included = {});

    void add_sources(std::vector<pollfd>& sources) const;
    // To be called when these have something to say, or next_due() has come.
    void look(Moment now);
    [[nodiscard]] std::optional<Moment> next_due() const;

    // Something that take_change() has not told yet.
    [[nodiscard]] bool has_changed() const { return due_.has_value(); }
    // "/srv/shop/views.py", "/srv/shop/views.py and 3 more"; nothing as long as it is not quiet.
    std::optional<std::string> take_change(Moment now);

  private:
    enum class How { NotAtAll, Told, Polled };

    void begin();
    void add_place(const SourcePlace& place);
    void take_told(Moment now);
    void hear_reports(Moment now);
    std::vector<std::filesystem::path> changed_since_in(const std::string& folder) const;
    void note(const std::vector<std::filesystem::path>& changed, Moment now);
    void poll_instead(const std::string& reason);
    void poll_folders(Moment now);

    How how_ = How::NotAtAll;
    SourceRules rules_;
    std::vector<SourcePlace> places_;
    std::set<std::string> reported_;  // folders of modules
    timespec since_{};  // by the clock of files: earlier than what runs now has read anything
    std::optional<FolderWatch> watch_;
    FolderPoll poll_;
    Moment next_poll_{};
    OwnedFd reports_;
    SocketFile reports_file_;  // after reports_, so that it ends before
    std::set<std::filesystem::path> changed_;
    std::optional<Moment> due_;
    Moment latest_{};
};

}  // namespace bundle
