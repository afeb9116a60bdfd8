// A worker's end of an answer: gathers frames and sends them to the front in as few writes as it can.
//
// A small answer (head, data, end) leaves in one write. Large pieces are sent from where they lie
// (writev), without a copy. Blocking: when the front's buffers are full, the worker waits here.
#pragma once
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

class AnswerWriter {
  public:
    explicit AnswerWriter(int socket) : socket_(socket) {}

    void begin(std::uint32_t stream);

    void head(const wire::AnswerHead& head);
    void data(std::string_view bytes);  // sent before this returns, or copied
    void file(int descriptor, const wire::File& file);
    void end(wire::Outcome outcome);
    void log(std::string_view line);
    // Sends what was gathered, so that the front has it while the application works on.
    void flush();

    [[nodiscard]] bool head_written() const { return head_written_; }
    // The front is gone; what is written goes nowhere and the worker reconnects after this request.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    void send(std::string_view more, int descriptor);

    int socket_;
    std::uint32_t stream_ = 0;
    std::string gathered_;
    bool head_written_ = false;
    bool broken_ = false;
};

}  // namespace bundle
