// What an import left behind that a fork would break: threads, which a child does not have, though
// their locks stay held; and sockets, which all workers would share.
#pragma once
#include <set>
#include <string>

namespace bundle {

class LeftBehind {
  public:
    // Everything that is open now is none of the import's.
    LeftBehind();
    // What has come since: "2 threads (Timer-1) and 1 socket (127.0.0.1:5432)"; "" for nothing.
    // With the GIL held.
    [[nodiscard]] std::string told() const;

  private:
    std::set<int> sockets_before_;
};

}  // namespace bundle
