#include "child_protection/migrations.h"
#include "child_protection/set_up.h"
#include "common/lifecycle/service.h"

int main(int argc, char** argv) {
  return lscp::RunService(argc, argv, {"child-protection", lscp::child_protection::kMigrations},
                          lscp::child_protection::SetUpChildProtection);
}
