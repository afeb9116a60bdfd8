#include "frontend/answer/internal_redirect.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
    return std::ranges::any_of(
        names, [name](std::string_view known) { return equals_ignoring_case(name, known); });
}

// What the application says of the body that it did not mean. Frameworks make an ETag of an empty
// body too.
constexpr std::array<std::string_view, 10> kOfTheBody = {
    "content-length", "content-range", "content-encoding", "accept-ranges", "etag", "last-modified",
    "location",       "date",          "content-md5",      "content-digest"};

bool is_kept(const HeaderField& field) {
    if (is_for_server(field.name) || is_one_of(field.name, kOfTheBody)) return false;
    // Django's way to say that the type is the file's own.
    return !(field.value.empty() && equals_ignoring_case(field.name, "content-type"));
}

constexpr std::array<std::string_view, 3> kOfAnyBody = {"content-type", "content-disposition",
                                                        "content-language"};

// RFC 9110 section 8: the fields that would describe a body which the next application never gets.
constexpr std::array<std::string_view, 5> kOfARequestBody = {
    "content-length", "content-type", "content-encoding", "transfer-encoding", "expect"};

// Each of those stands for itself.
constexpr std::array<std::string_view, 2> kOfBoth = {"set-cookie", "vary"};

// Without these a script is not shown why it got no such part of a film.
bool is_kept_by_refusal(std::string_view name) {
    constexpr std::string_view kOfOrigins = "access-control-";
    return is_one_of(name, kOfBoth) ||
           equals_ignoring_case(name.substr(0, kOfOrigins.size()), kOfOrigins);
}

bool has_name(std::span<const HeaderField> fields, std::string_view name) {
    return std::ranges::any_of(fields, [name](const HeaderField& field) {
        return equals_ignoring_case(field.name, name);
    });
}

}  // namespace

StoredFields::StoredFields(const Headers& fields) {
    std::size_t size = 0;
    for (const HeaderField& field : fields) size += field.name.size() + field.value.size();
    bytes_.reserve(size);
    const auto store = [this](std::string_view text) {
        bytes_.append(text);
        return std::string_view(bytes_).substr(bytes_.size() - text.size());
    };
    fields_.reserve(fields.size());
    for (const HeaderField& field : fields) {
        const std::string_view name = store(field.name);
        fields_.push_back({name, store(field.value)});
    }
}

Headers merged_fields(const Headers& first, std::span<const HeaderField> second) {
    Headers merged;
    merged.reserve(first.size() + second.size());
    for (const HeaderField& field : first)
        if (is_one_of(field.name, kOfBoth) || !has_name(second, field.name))
            merged.push_back(field);
    merged.insert(merged.end(), second.begin(), second.end());
    return merged;
}

Headers kept_fields(const Headers& fields) {
    Headers kept;
    std::ranges::copy_if(fields, std::back_inserter(kept), is_kept);
    return kept;
}

Answer with_kept_fields(Answer answer, std::shared_ptr<const StoredFields> kept) {
    struct Owner {
        std::shared_ptr<const void> of_answer;
        std::shared_ptr<const StoredFields> kept;
        Headers fields;
    };
    const auto owner = std::make_shared<Owner>();
    Headers ours = kept->fields();
    if (answer.status == 304)
        std::erase_if(ours,
                      [](const HeaderField& field) { return is_one_of(field.name, kOfAnyBody); });
    if (answer.status >= 400)
        std::erase_if(ours,
                      [](const HeaderField& field) { return !is_kept_by_refusal(field.name); });
    // The type of several parts tells where each of them ends.
    if (!answer.more.empty())
        std::erase_if(ours, [](const HeaderField& field) {
            return equals_ignoring_case(field.name, "content-type");
        });
    owner->fields = merged_fields(Headers(answer.fields.begin(), answer.fields.end()), ours);
    owner->of_answer = std::move(answer.owner);
    owner->kept = std::move(kept);
    answer.fields = owner->fields;
    answer.owner = owner;
    return answer;
}

void InternalRedirect::note(const ServerFields& ours, const Headers& fields) {
    to = ours.route.empty() ? To::File : To::Route;
    target = to == To::Route ? ours.route : ours.file;
    const Headers of_this = kept_fields(fields);
    kept = std::make_shared<const StoredFields>(kept ? merged_fields(kept->fields(), of_this)
                                                     : of_this);
    pending = true;
    ++count;
}

bool InternalRedirect::lead_to_route(const RequestHead& from, Bytes max_request_line) {
    const std::string_view whole = target;
    const auto question = whole.find('?');
    // An application puts into a path what came from outside; that must not lead it elsewhere.
    if (has_dot_dot(whole.substr(0, question)) ||
        resolve_path(whole.substr(0, question), head.path) != PathVerdict::Good)
        return false;
    head.query = question == std::string_view::npos ? "" : whole.substr(question + 1);
    // The application may have left spaces and the like as they are, which no target has.
    head.bytes = encoded_path(head.path);
    if (!head.query.empty()) head.bytes.append("?").append(head.query);
    // What workers get fits a frame because clients' heads are limited: so must be this one.
    if (head.bytes.size() > max_request_line.count) return false;
    head.target = head.bytes;
    head.version = from.version;
    head.method = from.method == "HEAD" ? "HEAD" : "GET";
    head.host = from.host;
    head.keep_alive = from.keep_alive;
    head.fields.clear();
    std::ranges::copy_if(
        from.fields, std::back_inserter(head.fields),
        [](const HeaderField& field) { return !is_one_of(field.name, kOfARequestBody); });
    return true;
}

}  // namespace bundle
