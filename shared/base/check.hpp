// A broken invariant ends the process: going on would serve wrong answers.
#pragma once
#include <cstdio>
#include <cstdlib>

#define BUNDLE_CHECK(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
