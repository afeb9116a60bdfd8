// The syntaxes inside of texts. Each gives the end of the sentence that begins with the text, or
// nothing.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace bundle::config {

using Complaint = std::optional<std::string>;

// "package.module", "package.module:callable" or "module:factory('literal', debug=False)". Whether
// the module exists, and what the literals are, only Python can say.
Complaint check_wsgi(std::string_view text);

// "production.ini", "etc/site.ini#main". Whether it is there is seen later.
Complaint check_paste(std::string_view text);

// The name of a file in a folder: "index.html".
Complaint check_file_name(std::string_view text);

// The target of a request that warms a worker up: "/cart?full=1".
Complaint check_warmup(std::string_view text);

// What stands in a User-Agent: "kube-probe/".
Complaint check_agent(std::string_view text);

// Whom to trust: "10.0.0.0/8", "private", "loopback", "unix" or "*".
Complaint check_trusted_peers(std::string_view text);

// What ALPN can offer: "http/1.1".
Complaint check_protocol(std::string_view text);

// The name of a request's field: "X-Forwarded-For".
Complaint check_field_name(std::string_view text);

// A type of content: "text/html", "text/*".
Complaint check_media_type(std::string_view text);

// By which answers are compressed: "br", "zstd", "gzip".
Complaint check_coding(std::string_view text);

// The NAME of [app.NAME], which stands in process titles, arguments and variables.
Complaint check_app_name(std::string_view text);

}  // namespace bundle::config
