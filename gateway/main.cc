#include "gateway/gateway.h"

// The gateway of a safeguarding partnership: `lscp-gateway --config FILE`.
int main(int argc, char** argv) { return lscp::gateway::RunGateway(argc, argv); }
