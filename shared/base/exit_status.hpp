// How our processes end; users and supervisors rely on these numbers.
#pragma once

namespace bundle {

inline constexpr int kExitWell = 0;
inline constexpr int kExitFailed = 1;        // at run time
inline constexpr int kExitUsage = 2;         // wrong usage or configuration
inline constexpr int kExitWorkerFailed = 3;  // a worker could not boot
inline constexpr int kExitAppNotLoaded = 4;  // the application could not be loaded

}  // namespace bundle
