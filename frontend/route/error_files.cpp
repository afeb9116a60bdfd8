#include "frontend/route/error_files.hpp"

#include <fmt/format.h>

#include "frontend/files/mime_types.hpp"
#include "frontend/route/error_page.hpp"
#include "shared/base/file_text.hpp"

namespace bundle {

struct ErrorFile {
    std::string contents;
    std::string_view content_type;  // lives as long as the process
};

namespace {

// A page that people wait for because something went wrong; and all of them stay in memory.
constexpr std::size_t kLargest = 1U << 20;

}  // namespace

Result<ErrorFiles> ErrorFiles::load(const std::map<std::string, std::string>& files,
                                    LoadedErrorFiles& loaded) {
    ErrorFiles made;
    for (const auto& [status, path] : files) {
        std::shared_ptr<const ErrorFile>& file = loaded[path];
        if (!file) {
            TRY_ASSIGN(std::string contents, read_text_file(path, kLargest));
            file = std::make_shared<const ErrorFile>(
                ErrorFile{std::move(contents), mime_type_of(path)});
        }
        made.files_.emplace(status, file);
    }
    return made;
}

std::optional<Answer> ErrorFiles::page(std::uint16_t status,
                                       std::span<const HeaderField> more_fields) const {
    if (files_.empty()) return std::nullopt;
    auto found = files_.find(fmt::format("{}", status));
    if (found == files_.end()) found = files_.find(fmt::format("{}xx", status / 100));
    if (found == files_.end()) return std::nullopt;
    const std::shared_ptr<const ErrorFile>& file = found->second;
    return error_answer(status, {file->contents, file->content_type, file}, more_fields);
}

}  // namespace bundle
