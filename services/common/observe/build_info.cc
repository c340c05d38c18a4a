#include "common/observe/build_info.h"

namespace lscp {

const char kBuildVersion[] = LSCP_VERSION;
const char kBuildRevision[] = LSCP_REVISION;

}  // namespace lscp
