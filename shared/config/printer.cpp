#include "shared/config/printer.hpp"

#include <fmt/format.h>

#include "shared/config/options.hpp"

namespace bundle {

namespace {

using namespace config;

class Printer {
  public:
    explicit Printer(const Origins* origins) : origins_(origins) {}

    // `name` is the full name of the table, `header` what stands in its brackets: "listen.0" and
    // "listen". TOML wants a table's own options before the tables below it.
    template <typename Owner, typename Rows>
    void print(const std::string& name, const std::string& header, const Owner& owner,
               const Rows& rows) {
        for_each_row(rows, [&](const auto& row) { print_option(row, name, owner); });
        for_each_row(rows, [&](const auto& row) { print_tables(row, name, header, owner); });
    }

    std::string take() { return std::move(text_); }

  private:
    template <typename Owner, typename Kind>
    void print_option(const Option<Owner, Kind>& row, const std::string& name, const Owner& owner) {
        text_ += fmt::format("{} = {}", row.name, row.kind.print(owner.*row.member));
        if (origins_) text_ += "  # " + origin_comment(joined(name, row.name));
        text_ += '\n';
    }
    template <typename Row, typename Owner>
    void print_option(const Row&, const std::string&, const Owner&) {}
    template <typename Owner, typename Part, typename Rows>
    void print_option(const Inlined<Owner, Part, Rows>& row, const std::string& name,
                      const Owner& owner) {
        for_each_row(*row.rows,
                     [&](const auto& inner) { print_option(inner, name, owner.*row.member); });
    }

    template <typename Owner, typename Kind>
    void print_tables(const Option<Owner, Kind>&, const std::string&, const std::string&,
                      const Owner&) {}

    template <typename Owner, typename Part, typename Rows>
    void print_tables(const Inlined<Owner, Part, Rows>& row, const std::string& name,
                      const std::string& header, const Owner& owner) {
        for_each_row(*row.rows, [&](const auto& inner) {
            print_tables(inner, name, header, owner.*row.member);
        });
    }

    template <typename Owner, typename Part, typename Rows>
    void print_tables(const SingleTable<Owner, Part, Rows>& row, const std::string& name,
                      const std::string& header, const Owner& owner) {
        const std::string part_header = joined(header, row.name);
        text_ += fmt::format("\n[{}]\n", part_header);
        print(joined(name, row.name), part_header, owner.*row.member, *row.rows);
    }

    template <typename Owner, typename Part, typename Rows>
    void print_tables(const ListedTable<Owner, Part, Rows>& row, const std::string& name,
                      const std::string& header, const Owner& owner) {
        const std::string part_header = joined(header, row.name);
        std::size_t index = 0;
        for (const Part& part : owner.*row.member) {
            text_ += fmt::format("\n[[{}]]\n", part_header);
            print(fmt::format("{}.{}", joined(name, row.name), index++), part_header, part,
                  *row.rows);
        }
    }

    template <typename Owner, typename Part, typename Rows>
    void print_tables(const NamedTable<Owner, Part, Rows>& row, const std::string& name,
                      const std::string& header, const Owner& owner) {
        for (const Part& part : owner.*row.member) {
            const std::string& part_name = part.*row.part_name;
            const std::string part_header = joined(joined(header, row.name), part_name);
            text_ += fmt::format("\n[{}]\n", part_header);
            print(joined(joined(name, row.name), part_name), part_header, part, *row.rows);
        }
    }

    static std::string joined(std::string_view table, std::string_view name) {
        return table.empty() ? std::string(name) : fmt::format("{}.{}", table, name);
    }

    [[nodiscard]] std::string origin_comment(const std::string& name) const {
        const auto found = origins_->find(name);
        return found == origins_->end() ? "default" : found->second.comment();
    }

    const Origins* origins_;
    std::string text_;
};

std::string print_with(const Config& config, const Origins* origins) {
    Printer printer(origins);
    printer.print("", "", config, kConfigOptions);
    std::string text = printer.take();
    return text.starts_with('\n') ? text.substr(1) : text;
}

}  // namespace

std::string print_config(const Config& config) { return print_with(config, nullptr); }

std::string print_config_with_origins(const Config& config, const config::Origins& origins) {
    return print_with(config, &origins);
}

}  // namespace bundle
