#pragma once

#include <string_view>

// Identifiers with a check of their own. All functions are thread-safe.
namespace lscp::domain {

// Ten digits of which the last is right for the others (modulus 11; NHS Data Dictionary, NHS
// NUMBER). No spaces: one form only, so that equal numbers are equal texts.
bool IsNhsNumber(std::string_view text);

// A unique pupil number: check letter and twelve digits, or check letter, eleven digits and a
// letter, which is a temporary one. The check letter must be right (census rule 1510).
bool IsUpn(std::string_view text);

}  // namespace lscp::domain
