#include "shared/master/upgrade/master_state.hpp"

#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <type_traits>

#include "shared/base/version.hpp"

namespace bundle {

namespace {

// One layout, as a function over what writes it or reads it. Every number takes eight bytes.
class StateWriter {
  public:
    void number(const auto& value) { plain(static_cast<std::int64_t>(value)); }
    void text(const std::string& value) {
        number(value.size());
        text_.append(value);
    }
    void list(const auto& items, auto each) {
        number(items.size());
        for (const auto& item : items) each(item);
    }
    void moment(const Supervision::Moment& value) { plain(value.time_since_epoch().count()); }
    void length(const milliseconds& value) { plain(value.count()); }
    void maybe(const auto& value, auto each) {
        number(value.has_value());
        if (value) each(*value);
    }
    std::string take() { return std::move(text_); }

  private:
    void plain(std::int64_t value) {
        text_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    std::string text_;
};

class StateReader {
  public:
    explicit StateReader(std::string_view text) : rest_(text) {}

    template <typename Number>
    void number(Number& value) {
        value = static_cast<Number>(plain());
    }
    void text(std::string& value) { value = take(static_cast<std::size_t>(plain())); }
    void list(auto& items, auto each) {
        constexpr std::int64_t kMost = 1 << 16;
        const std::int64_t count = plain();
        good_ = good_ && count >= 0 && count <= kMost;
        items.clear();
        for (std::int64_t i = 0; good_ && i < count; ++i) each(items.emplace_back());
    }
    void moment(Supervision::Moment& value) {
        value = Supervision::Moment(std::chrono::nanoseconds(plain()));
    }
    void length(milliseconds& value) { value = milliseconds(plain()); }
    void maybe(auto& value, auto each) {
        value.reset();
        if (plain() != 0) each(value.emplace());
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool finished() const { return good_ && rest_.empty(); }

  private:
    std::string_view take(std::size_t size) {
        good_ = good_ && size <= rest_.size();
        const std::string_view taken = rest_.substr(0, good_ ? size : 0);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    std::int64_t plain() {
        std::int64_t value = 0;
        const std::string_view bytes = take(sizeof value);
        std::memcpy(&value, bytes.data(), bytes.size());
        return value;
    }
    std::string_view rest_;
    bool good_ = true;
};

// These two come first in every release.
void layout_release(auto& codec, auto& state) {
    codec.number(state.protocol);
    codec.text(state.version);
}

void layout_socket(auto& codec, auto& socket) {
    codec.number(socket.fd);
    codec.text(socket.name);
    codec.text(socket.file);
}

void layout_identity(auto& codec, auto& identity) {
    codec.text(identity.user);
    codec.number(identity.uid);
    codec.number(identity.gid);
    codec.list(identity.groups, [&](auto& group) { codec.number(group); });
    codec.number(identity.changes);
}

void layout_child(auto& codec, auto& child) {
    codec.number(child.number);
    codec.number(child.life.is_front);
    codec.number(child.life.role);
    codec.number(child.life.life);
    codec.moment(child.life.since);
    codec.number(child.life.young_deaths);
    codec.maybe(child.life.hurry_at, [&](auto& moment) { codec.moment(moment); });
    codec.maybe(child.life.kill_at, [&](auto& moment) { codec.moment(moment); });
    codec.maybe(child.life.serves, [&](auto& front) { codec.number(front); });
    codec.length(child.life.leave_within);
    codec.text(child.name);
    codec.number(child.program);
    codec.list(child.arguments, [&](auto& word) { codec.text(word); });
    layout_identity(codec, child.identity);
    codec.number(child.pid);
    codec.number(child.control);
    codec.number(child.up);
}

void layout_control(auto& codec, auto& control) {
    codec.number(control.listener);
    codec.text(control.path);
    codec.number(control.last_asker);
    codec.list(control.connections, [&](auto& connection) {
        codec.number(connection.socket);
        codec.number(connection.asker);
        codec.number(connection.asked);
    });
}

void layout_resources(auto& codec, auto& state) {
    const auto socket = [&](auto& each) { layout_socket(codec, each); };
    codec.text(state.run_directory.path);
    codec.number(state.run_directory.lock);
    codec.number(state.run_directory.made_by_us);
    socket(state.workers);
    codec.list(state.former_workers, socket);
    codec.list(state.former_fronts, [&](auto& front) { codec.number(front); });
    layout_control(codec, state.control);
    codec.list(state.inherited, socket);
    codec.number(state.null);
    codec.text(state.pid_file);
}

void layout_generation(auto& codec, auto& state) {
    codec.number(state.generation);
    codec.number(state.last_generation);
    codec.text(state.config);
    codec.number(state.error_log);
    codec.number(state.access_log);
    codec.number(state.logs_reopened);
    codec.number(state.in_maintenance);
    codec.number(state.credentials);
    codec.list(state.listeners, [&](auto& each) { layout_socket(codec, each); });
    codec.list(state.scoreboards, [&](auto& fd) { codec.number(fd); });
    codec.list(state.apps, [&](auto& app) {
        codec.number(app.wanted);
        codec.number(app.connected);
        codec.number(app.scaled);
    });
}

void layout(auto& codec, auto& state) {
    layout_release(codec, state);
    codec.text(state.folder);
    codec.text(state.notifier.address);
    codec.number(state.notifier.watchdog_interval);
    codec.list(state.askers, [&](auto& asker) { codec.number(asker); });
    layout_resources(codec, state);
    layout_generation(codec, state);
    codec.number(state.front);
    codec.number(state.first_arbiter);
    codec.list(state.children, [&](auto& child) { layout_child(codec, child); });
    codec.number(state.next_child);
}

}  // namespace

std::string encode(const MasterState& state) {
    StateWriter writer;
    layout(writer, state);
    return writer.take();
}

Result<MasterState> decode_master_state(const std::string& text) {
    MasterState state;
    StateReader release(text);
    layout_release(release, state);
    if (!release.good() || state.protocol != kUpgradeProtocol)
        return failure(
            fmt::format("bundle {} cannot take over from bundle {} while that serves; "
                        "stop it and start it again",
                        kBundleVersion, release.good() ? state.version : "?"));
    StateReader reader(text);
    layout(reader, state);
    if (!reader.finished()) return failure("what the running bundle hands over is malformed");
    return state;
}

std::vector<int> descriptors_of(const MasterState& state) {
    std::vector<int> all = {state.run_directory.lock, state.control.listener, state.null,
                            state.error_log,          state.access_log,       state.credentials,
                            state.workers.fd};
    all.insert(all.end(), state.scoreboards.begin(), state.scoreboards.end());
    for (const auto& sockets : {state.former_workers, state.inherited, state.listeners})
        for (const MasterState::Socket& socket : sockets) all.push_back(socket.fd);
    for (const auto& connection : state.control.connections) all.push_back(connection.socket);
    for (const MasterState::ChildState& child : state.children)
        all.insert(all.end(), {child.program, child.control});
    std::erase(all, -1);
    return all;
}

}  // namespace bundle
