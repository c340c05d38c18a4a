#pragma once

#include <map>
#include <string>

#include "tests/support/suite.h"

namespace lscp::tests {

// The boroughs that share their child death reviews (k8s/partnerships/bhr), with the codes of their
// areas.
inline const std::map<std::string, std::string>& SharingBoroughs() {
  static const auto& codes = *new std::map<std::string, std::string>{
      {"barking-and-dagenham", "E09000002"}, {"havering", "E09000016"}, {"redbridge", "E09000026"}};
  return codes;
}

// The one service that they share, and nothing else of the suite.
inline Suite::Options SharedDeathReviews() {
  Suite::Options options;
  options.services = {Suite::kChildDeathReviews};
  options.settings = "bhr";
  options.boroughs.clear();
  for (const auto& [borough, area] : SharingBoroughs()) options.boroughs.push_back(borough);
  return options;
}

}  // namespace lscp::tests
