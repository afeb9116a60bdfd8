// error_page, and where the files lie that it names by their URIs.
#pragma once
#include "shared/import/nginx/scope.hpp"

namespace bundle::imported {

void take_error_page(const Scope& scope, const Directive& directive);

}  // namespace bundle::imported
