#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/auth/jwt_mint.h"

namespace {

constexpr absl::Duration kLife = absl::Hours(8);

int Usage() {
  std::cerr << "usage: lscp-token --key FILE --kid ID --issuer URI --audience WORD --agency ID\n"
               "                  --person ID [--team ID] [--role ROLE]...\n"
               "Prints a token of eight hours, as an agency's identity provider would sign it.\n";
  return 2;
}

}  // namespace

// Signs tokens for people of the development stack. In production an agency's identity provider
// does.
int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  lscp::TokenContent content;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    if (option == "--role") {
      content.roles.emplace_back(argv[i + 1]);
    } else {
      options[option] = argv[i + 1];
    }
  }
  for (const char* needed : {"--key", "--kid", "--issuer", "--audience", "--agency", "--person"}) {
    if (options[needed].empty()) return Usage();
  }
  content.issuer = options["--issuer"];
  content.audience = options["--audience"];
  content.agency = options["--agency"];
  content.person = options["--person"];
  content.team = options["--team"];
  content.issued_at = absl::Now();
  content.expires_at = content.issued_at + kLife;

  std::ifstream file(options["--key"]);
  const std::string pem{std::istreambuf_iterator<char>(file), {}};
  const auto mint = lscp::TokenMint::FromPem(pem, options["--kid"]);
  const auto token = mint.ok() ? mint->Mint(content) : mint.status();
  if (!token.ok()) {
    std::cerr << token.status().message() << "\n";
    return 1;
  }
  std::cout << *token << "\n";
  return 0;
}
