#pragma once

#include <string>
#include <string_view>
#include <vector>

// Names of people, made comparable. Texts are UTF-8. All functions are thread-safe.
namespace lscp::domain {

// The words of a name in lower-case letters without accents: "Zoë O'Brien-Smythe" gives "zoe",
// "obrien", "smythe". Letters of other scripts stay as they are.
std::vector<std::string> NameWords(std::string_view name);

// The words in one, so that spaces and hyphens make no difference: "zoeobriensmythe".
std::string FoldedName(std::string_view name);

// A code that is the same for words that sound alike in English ("Catherine", "Kathryn"): Soundex,
// with first letters of one sound made one. Of a word with letters of other scripts, its first
// eight characters.
std::string SoundOf(std::string_view word);

// Jaro-Winkler similarity of two folded names, 0 (nothing alike) to 1 (equal).
double Similarity(std::string_view a, std::string_view b);

// The first letter of a word (a whole UTF-8 character); empty for an empty word.
std::string InitialOf(std::string_view word);

}  // namespace lscp::domain
