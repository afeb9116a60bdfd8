// The files of [tls] as they are served: read for the front, watched, and read again when they have
// changed. What cannot be served then is refused, and what is served stays.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/file_watch.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class Certificates {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    // Of a configuration without TLS.
    Certificates() = default;
    // Reads all that `config` names. Without a listener that speaks TLS there is nothing to read.
    static Result<Certificates> open(const Config& config);
    // Goes on with what is served already.
    static Result<Certificates> resumed(const Config& config, OwnedFd sealed);

    // What the front gets: sealed memory, see credentials.hpp. Always the same descriptor.
    [[nodiscard]] int sealed() const { return sealed_.get(); }

    [[nodiscard]] int fd() const { return watch_.fd(); }  // readable: note_change()
    void note_change(Moment now) { watch_.take(now); }
    [[nodiscard]] std::optional<Moment> next_due() const;
    // To be called when that has come. True: the front has to get sealed() again.
    bool look(Moment now);

  private:
    explicit Certificates(const Config& config);
    void begin_watching();
    bool read_again();
    void tell_validity(Moment now);

    Config config_;  // its listeners and [tls]
    std::vector<std::string> files_;
    OwnedFd sealed_;
    std::string content_;  // a digest of what is sealed
    FileWatch watch_;
    Moment tell_again_{};
};

}  // namespace bundle
