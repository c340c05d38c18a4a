#include "child_death_reviews/migrations.h"
#include "child_death_reviews/set_up.h"
#include "common/lifecycle/service.h"

int main(int argc, char** argv) {
  return lscp::RunService(argc, argv,
                          {"child-death-reviews", lscp::child_death_reviews::kMigrations},
                          lscp::child_death_reviews::SetUpChildDeathReviews);
}
