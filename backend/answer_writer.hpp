// A worker's end of an answer: gathers frames and sends them to the front in as few writes as it
// can.
//
// A small answer (head, data, end) leaves in one write. Large pieces are sent from where they lie
// (sendmsg), without a copy. Blocking: when the front's buffers are full, the worker waits here,
// and only then is the GIL let go: a send that fits costs no switch. Every call is made with the
// GIL held.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "backend/leaving.hpp"
#include "backend/work_meter.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/messages.hpp"
#include "shared/wire/request_slots.hpp"

namespace bundle {

class AnswerWriter {
  public:
    // The socket stays the caller's; it may be blocking or not. So do the slots, in which the front
    // says of clients that they have left.
    explicit AnswerWriter(int socket, const wire::RequestSlots* slots = nullptr)
        : socket_(socket), slots_(slots) {}

    // From now on what a request takes is told with the end of its answer.
    void measure() { meter_.emplace(); }
    void begin(std::uint32_t stream);

    // An error, and nothing written, when the head is larger than a frame. An interim one (1xx) may
    // come before it, any number of times.
    Result<void> head(const wire::AnswerHead& head);
    void data(std::string_view bytes);  // sent before this returns, or copied
    // The descriptor is duplicated on its way; the caller may close it afterwards.
    void file(int descriptor, const wire::File& file);
    // Whoever is Closing then says that it is free, or begins the next answer.
    void end(wire::Outcome outcome, wire::Afterwards afterwards = wire::Afterwards::Free);
    [[nodiscard]] bool owes_free() const { return owes_free_; }
    void free();
    void log(std::string_view line);
    void extend_deadline(wire::Moment deadline);  // told at once
    // Sends what was gathered, so that the front has it while the application works on.
    void flush();

    // What the front has said of the client meanwhile: one system call, which does not wait.
    [[nodiscard]] wire::ClientState client() const;

    [[nodiscard]] bool head_written() const { return head_written_; }
    // The front is gone; what is written goes nowhere and the worker reconnects after this request.
    // So is a child that the application forked: the answer is its parent's.
    [[nodiscard]] bool broken() const { return broken_ || is_forked_child(); }

  private:
    void send_gathered_and(std::string_view more);
    // Decides what a failed send means: wait and try again, or broken.
    void recover(int error);

    int socket_;
    const wire::RequestSlots* slots_;
    std::optional<WorkMeter> meter_;
    std::uint32_t stream_ = 0;
    std::string gathered_;
    bool head_written_ = false;
    bool owes_free_ = false;
    bool broken_ = false;
};

}  // namespace bundle
