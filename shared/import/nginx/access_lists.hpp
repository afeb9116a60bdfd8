// allow and deny. The first line that holds decides for nginx, the narrowest network for bundle;
// "all" is what is left over.
#pragma once
#include "shared/import/nginx/scope.hpp"

namespace bundle::imported {

void take_access(const Scope& scope, const Directive& directive);

}  // namespace bundle::imported
