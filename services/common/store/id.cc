#include "common/store/id.h"

#include <cstdint>

#include "common/observe/trace.h"

namespace lscp {

std::string NewId(absl::Time now) {
  // Crockford's alphabet: no letters that are read as digits.
  constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  constexpr int kTimeCharacters = 10;  // 50 bits of milliseconds
  constexpr int kRandomCharacters = 16;
  std::string id(kTimeCharacters + kRandomCharacters, '0');
  uint64_t milliseconds = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (int i = kTimeCharacters - 1; i >= 0; --i, milliseconds >>= 5) {
    id[i] = kAlphabet[milliseconds & 31];
  }
  uint64_t random = 0;
  for (int i = 0; i < kRandomCharacters; ++i, random >>= 5) {
    if (i % 12 == 0) random = RandomBits();
    id[kTimeCharacters + i] = kAlphabet[random & 31];
  }
  return id;
}

}  // namespace lscp
