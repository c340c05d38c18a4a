#pragma once

namespace lscp {

// Version of the suite, and the git revision it was built from ("unknown" outside a checkout).
extern const char kBuildVersion[];
extern const char kBuildRevision[];

}  // namespace lscp
