// What holds for the files of one folder: which are found, and what their answers say beside what
// the file itself does.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/config/config.hpp"

namespace bundle {

struct FileRules {
    FilesConfig files = {};
    CompressionConfig compression = {};
    std::map<std::string, std::string> types = {};  // [mime]: by ending, in lower case

    // Content-Type of a file of that name.
    [[nodiscard]] std::string type_of(std::string_view file_name) const;
    // Cache-Control; "": none.
    [[nodiscard]] std::string cache_control_of(std::string_view file_name) const;
    // Whether a file of that type may have a compressed twin, or be compressed by us: then the
    // answer depends on Accept-Encoding.
    [[nodiscard]] bool has_codings(std::string_view type) const;
    // Whether we compress a file of that type and size.
    [[nodiscard]] bool is_compressed(std::string_view type, std::uint64_t size) const;
};

}  // namespace bundle
