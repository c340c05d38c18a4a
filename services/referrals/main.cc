#include "common/lifecycle/service.h"
#include "referrals/migrations.h"
#include "referrals/set_up.h"

int main(int argc, char** argv) {
  return lscp::RunService(argc, argv, {"referrals", lscp::referrals::kMigrations},
                          lscp::referrals::SetUpReferrals);
}
