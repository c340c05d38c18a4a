#include "domain/names.h"

#include <algorithm>
#include <cstdint>

namespace lscp::domain {
namespace {

// Takes the first character off a UTF-8 text, which is not empty. A stray byte is a character.
char32_t TakeCharacter(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length == 1 || text.size() < length) {
    text.remove_prefix(1);
    return lead;
  }
  char32_t character = lead & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  text.remove_prefix(length);
  return character;
}

// Runs of Latin letters with marks (Unicode blocks Latin-1 Supplement, Latin Extended-A, parts of
// Extended-B and Latin Extended Additional, which has the Vietnamese letters) and the plain letters
// that they are read as.
struct Fold {
  char32_t first;
  char32_t last;
  const char* plain;
};
constexpr Fold kFolds[] = {
    {0xC0, 0xC5, "a"},     {0xC6, 0xC6, "ae"},    {0xC7, 0xC7, "c"},     {0xC8, 0xCB, "e"},
    {0xCC, 0xCF, "i"},     {0xD0, 0xD0, "d"},     {0xD1, 0xD1, "n"},     {0xD2, 0xD6, "o"},
    {0xD8, 0xD8, "o"},     {0xD9, 0xDC, "u"},     {0xDD, 0xDD, "y"},     {0xDE, 0xDE, "th"},
    {0xDF, 0xDF, "ss"},    {0xE0, 0xE5, "a"},     {0xE6, 0xE6, "ae"},    {0xE7, 0xE7, "c"},
    {0xE8, 0xEB, "e"},     {0xEC, 0xEF, "i"},     {0xF0, 0xF0, "d"},     {0xF1, 0xF1, "n"},
    {0xF2, 0xF6, "o"},     {0xF8, 0xF8, "o"},     {0xF9, 0xFC, "u"},     {0xFD, 0xFD, "y"},
    {0xFE, 0xFE, "th"},    {0xFF, 0xFF, "y"},     {0x100, 0x105, "a"},   {0x106, 0x10D, "c"},
    {0x10E, 0x111, "d"},   {0x112, 0x11B, "e"},   {0x11C, 0x123, "g"},   {0x124, 0x127, "h"},
    {0x128, 0x131, "i"},   {0x132, 0x133, "ij"},  {0x134, 0x135, "j"},   {0x136, 0x138, "k"},
    {0x139, 0x142, "l"},   {0x143, 0x14B, "n"},   {0x14C, 0x151, "o"},   {0x152, 0x153, "oe"},
    {0x154, 0x159, "r"},   {0x15A, 0x161, "s"},   {0x162, 0x167, "t"},   {0x168, 0x173, "u"},
    {0x174, 0x175, "w"},   {0x176, 0x178, "y"},   {0x179, 0x17E, "z"},   {0x17F, 0x17F, "s"},
    {0x1A0, 0x1A1, "o"},   {0x1AF, 0x1B0, "u"},   {0x1CD, 0x1CE, "a"},   {0x1CF, 0x1D0, "i"},
    {0x1D1, 0x1D2, "o"},   {0x1D3, 0x1DC, "u"},   {0x1E6, 0x1E7, "g"},   {0x218, 0x219, "s"},
    {0x21A, 0x21B, "t"},   {0x259, 0x259, "e"},   {0x18F, 0x18F, "e"},   {0x1EA0, 0x1EB7, "a"},
    {0x1EB8, 0x1EC7, "e"}, {0x1EC8, 0x1ECB, "i"}, {0x1ECC, 0x1EE3, "o"}, {0x1EE4, 0x1EF1, "u"},
    {0x1EF2, 0x1EF9, "y"},
};

bool IsApostrophe(char32_t c) {
  return c == '\'' || c == '`' || c == 0xB4 || c == 0x2BB || c == 0x2BC || c == 0x2018 ||
         c == 0x2019;
}

// A mark of its own that modifies the letter before it.
bool IsCombining(char32_t c) { return c >= 0x300 && c <= 0x36F; }

bool IsSeparator(char32_t c) {
  return c < 'A' || (c > 'Z' && c < 'a') || (c > 'z' && c <= 0xBF) || c == 0xD7 || c == 0xF7 ||
         (c >= 0x2000 && c <= 0x206F);
}

// A character as it is compared; empty for a mark.
std::string Folded(char32_t c, std::string_view original) {
  if (c >= 'A' && c <= 'Z') return std::string(1, static_cast<char>(c - 'A' + 'a'));
  for (const Fold& fold : kFolds) {
    if (c >= fold.first && c <= fold.last) return fold.plain;
  }
  return std::string(original);
}

// Soundex class of a letter; 0 for vowels, -1 for h and w, which are as if they were not there.
int SoundClass(char letter) {
  //                             abcdefghijklmnopqrstuvwxyz
  constexpr char kClasses[] = "0123012-02245501262301-202";
  const char c = kClasses[letter - 'a'];
  return c == '-' ? -1 : c - '0';
}

std::string FirstCharacters(std::string_view word, int count) {
  std::string_view rest = word;
  for (int i = 0; i < count && !rest.empty(); ++i) TakeCharacter(rest);
  return std::string(word.substr(0, word.size() - rest.size()));
}

bool IsFrontVowel(char letter) { return letter == 'e' || letter == 'i' || letter == 'y'; }

// The word with a beginning that English spells in several ways spelt in one.
std::string WithPlainBeginning(std::string word) {
  const std::string_view two = std::string_view(word).substr(0, 2);
  if (two == "ph") return "f" + word.substr(2);
  if (two == "kn" || two == "gn" || two == "wr") return word.substr(1);
  const char second = word.size() > 1 ? word[1] : ' ';
  if (word[0] == 'c') word[0] = IsFrontVowel(second) ? 's' : 'k';
  if (word[0] == 'g' && IsFrontVowel(second)) word[0] = 'j';
  if (word[0] == 'q') word[0] = 'k';
  if (word[0] == 'x' || word[0] == 'z') word[0] = 's';
  return word;
}

double Jaro(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  const int reach = std::max<int>(0, static_cast<int>(std::max(a.size(), b.size())) / 2 - 1);
  std::vector<bool> used(b.size());
  std::string matched_a;
  for (int i = 0; i < static_cast<int>(a.size()); ++i) {
    const int end = std::min<int>(static_cast<int>(b.size()) - 1, i + reach);
    for (int j = std::max(0, i - reach); j <= end; ++j) {
      if (used[j] || a[i] != b[j]) continue;
      used[j] = true;
      matched_a += a[i];
      break;
    }
  }
  if (matched_a.empty()) return 0;
  int out_of_order = 0;
  for (size_t j = 0, i = 0; j < b.size(); ++j) {
    if (used[j]) out_of_order += matched_a[i++] != b[j];
  }
  const int transpositions = out_of_order / 2;
  const double m = static_cast<double>(matched_a.size());
  return (m / a.size() + m / b.size() + (m - transpositions) / m) / 3;
}

}  // namespace

std::vector<std::string> NameWords(std::string_view name) {
  std::vector<std::string> words;
  bool in_word = false;
  while (!name.empty()) {
    const std::string_view before = name;
    const char32_t c = TakeCharacter(name);
    if (IsApostrophe(c) || IsCombining(c)) continue;
    if (IsSeparator(c)) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    words.back() += Folded(c, before.substr(0, before.size() - name.size()));
  }
  return words;
}

std::string FoldedName(std::string_view name) {
  std::string folded;
  for (const std::string& word : NameWords(name)) folded += word;
  return folded;
}

std::string SoundOf(std::string_view word) {
  if (word.empty()) return "";
  const auto is_plain = [](char c) { return c >= 'a' && c <= 'z'; };
  if (!std::all_of(word.begin(), word.end(), is_plain)) return FirstCharacters(word, 8);
  const std::string spelt = WithPlainBeginning(std::string(word));
  std::string sound(1, spelt[0]);
  int previous = SoundClass(spelt[0]);
  for (size_t i = 1; i < spelt.size() && sound.size() < 4; ++i) {
    const int current = SoundClass(spelt[i]);
    if (current < 0) continue;
    if (current > 0 && current != previous) sound += static_cast<char>('0' + current);
    previous = current;
  }
  sound.resize(4, '0');
  return sound;
}

double Similarity(std::string_view a, std::string_view b) {
  constexpr double kWinklerWeight = 0.1;
  constexpr size_t kWinklerPrefix = 4;
  const double jaro = Jaro(a, b);
  size_t prefix = 0;
  while (prefix < std::min({a.size(), b.size(), kWinklerPrefix}) && a[prefix] == b[prefix]) {
    ++prefix;
  }
  return jaro + static_cast<double>(prefix) * kWinklerWeight * (1 - jaro);
}

std::string InitialOf(std::string_view word) { return FirstCharacters(word, 1); }

}  // namespace lscp::domain
