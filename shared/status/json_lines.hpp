// Items of a list or members of an object in JSON, each on a line.
#pragma once
#include <string>
#include <string_view>

namespace bundle {

class JsonLines {
  public:
    void add(std::string_view item) {
        if (!out_.empty()) out_ += ",\n";
        out_ += item;
    }
    [[nodiscard]] std::string list() const { return "[\n" + out_ + "\n]"; }
    [[nodiscard]] std::string object() const { return "{\n" + out_ + "\n}"; }

  private:
    std::string out_;
};

}  // namespace bundle
