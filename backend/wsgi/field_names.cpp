#include "backend/wsgi/field_names.hpp"

#include <algorithm>

namespace bundle {

namespace {

constexpr std::string_view kUsualNames[] = {
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "dnt",
    "expect",
    "forwarded",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "pragma",
    "priority",
    "range",
    "referer",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-gpc",
    "traceparent",
    "tracestate",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-csrftoken",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
    "x-request-id",
    "x-requested-with",
};

char key_byte(char byte) {
    if (byte == '-') return '_';
    return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - ('a' - 'A')) : byte;
}

PyRef make_key(std::string_view name) {
    // RFC 3875 gives these two variables of their own.
    const bool plain = name == "content-type" || name == "content-length";
    std::string key(plain ? "" : "HTTP_");
    std::transform(name.begin(), name.end(), std::back_inserter(key), key_byte);
    return latin1_str(key);
}

}  // namespace

bool FieldNames::seed() {
    keys_.reserve(kMaxNames);
    return std::all_of(std::begin(kUsualNames), std::end(kUsualNames),
                       [this](std::string_view name) { return key(name) != nullptr; });
}

PyRef FieldNames::key(std::string_view name) {
    if (const auto known = keys_.find(name); known != keys_.end())
        return share(known->second.get());
    PyRef made = make_key(name);
    if (!made || name.size() > kMaxNameLength || keys_.size() >= kMaxNames) return made;
    PyObject* interned = made.release();
    PyUnicode_InternInPlace(&interned);
    // An application's code asks with interned keys: the same object is found without comparing
    // bytes.
    made.reset(interned);
    keys_.try_emplace(std::string(name), share(interned));
    return made;
}

}  // namespace bundle
