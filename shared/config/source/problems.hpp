// Everything that is wrong with a configuration, told in one run and in the order of the file.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/config/source/origin.hpp"

namespace bundle::config {

struct Problem {
    Origin where;
    std::string
        text;  // a sentence whose subject is the option: "app.shop.workers is 0; it must be …"
};

class Problems {
  public:
    void add(const Origin& where, std::string text);

    // Of an option whose value is not to be had: rules that need it keep quiet.
    void mark_unusable(std::string option) { unusable_.insert(std::move(option)); }
    [[nodiscard]] bool is_unusable(std::string_view option) const {
        return unusable_.contains(option);
    }

    [[nodiscard]] bool empty() const { return problems_.empty(); }
    // One problem to a line, as in "site.toml:14:11: app.shop.workers is 0; …".
    [[nodiscard]] Error error() const;

  private:
    std::vector<Problem> problems_;
    std::set<std::string, std::less<>> unusable_;
};

}  // namespace bundle::config
