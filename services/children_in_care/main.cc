#include "children_in_care/migrations.h"
#include "children_in_care/set_up.h"
#include "common/lifecycle/service.h"

int main(int argc, char** argv) {
  return lscp::RunService(argc, argv, {"children-in-care", lscp::children_in_care::kMigrations},
                          lscp::children_in_care::SetUpChildrenInCare);
}
