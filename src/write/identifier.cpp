#include "write/identifier.h"

#include <algorithm>
#include <array>

#include "sql/characters.h"
#include "sql/lexer.h"

namespace whimbrel::write {

namespace {

// Keywords of C++20, and macros of common headers or of compilers.
constexpr auto taken_words = std::to_array<std::string_view>(
    {"alignas",     "alignof",  "and",        "and_eq",    "asm",       "auto",         "bitand",
     "bitor",       "bool",     "break",      "case",      "catch",     "char",         "char16_t",
     "char32_t",    "char8_t",  "class",      "co_await",  "co_return", "co_yield",     "compl",
     "concept",     "const",    "const_cast", "consteval", "constexpr", "constinit",    "continue",
     "decltype",    "default",  "delete",     "do",        "double",    "dynamic_cast", "else",
     "enum",        "explicit", "export",     "extern",    "false",     "float",        "for",
     "friend",      "goto",     "if",         "inline",    "int",       "long",         "mutable",
     "namespace",   "new",      "noexcept",   "not",       "not_eq",    "nullptr",      "operator",
     "or",          "or_eq",    "private",    "protected", "public",    "register",     "reinterpret_cast",
     "requires",    "return",   "short",      "signed",    "sizeof",    "static",       "static_assert",
     "static_cast", "struct",   "switch",     "template",  "this",      "thread_local", "throw",
     "true",        "try",      "typedef",    "typeid",    "typename",  "union",        "unsigned",
     "using",       "virtual",  "void",       "volatile",  "wchar_t",   "while",        "xor",
     "xor_eq",      "NULL",     "EOF",        "errno",     "assert",    "unix",         "linux",
     "major",       "minor",    "makedev",    "stdin",     "stdout",    "stderr",       "INFINITY",
     "NAN",         "BUFSIZ",   "RAND_MAX",   "EDOM",      "ERANGE",    "EILSEQ",       "TRUE",
     "FALSE",       "signals",  "slots",      "emit",      "foreach",   "min",          "max",
     "near",        "far",      "small",      "interface", "i386",      "SIGINT",       "OVERFLOW",
     "UNDERFLOW",   "DOMAIN",   "HUGE",       "environ",   "FILE",      "DIR",          "describe",
     "std",         "whimbrel"});

bool is_taken(std::string_view name) {
  return std::find(taken_words.begin(), taken_words.end(), name) != taken_words.end();
}

/// Keeps letters, digits and underscores of the name and replaces everything else by an underscore, except letters of
/// other scripts, which are distinguished by their bytes.
std::string words_of(std::string_view name) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      result += {digits[byte >> 4U], digits[byte & 15U]};
    } else if (sql::is_name_part(c) && (c != '_' || !result.ends_with('_'))) {
      result += c;
    } else if (!result.ends_with('_')) {
      result += '_';
    }
  }
  return result;
}

}  // namespace

bool is_identifier(std::string_view name) {
  if (name.empty() || sql::is_digit(name.front()) || !std::all_of(name.begin(), name.end(), sql::is_name_part))
    return false;
  const bool is_reserved =
      name.find("__") != name.npos || (name.size() > 1 && name[0] == '_' && sql::is_upper(name[1])) || name == "_";
  return !is_reserved && !is_taken(name);
}

bool is_namespace(std::string_view name) {
  while (true) {
    const std::size_t end = name.find("::");
    if (!is_identifier(name.substr(0, end))) return false;
    if (end == name.npos) return true;
    name.remove_prefix(end + 2);
  }
}

std::string class_identifier(std::string_view name) {
  std::string result;
  bool starts_word = true;
  for (const char c : words_of(name)) {
    if (c == '_') {
      starts_word = true;
      continue;
    }
    result += starts_word ? sql::to_upper(c) : c;
    starts_word = false;
  }
  if (result.empty() || sql::is_digit(result.front())) result.insert(0, "Table");
  return is_taken(result) ? result + "Row" : result;
}

std::string member_identifier(std::string_view name) {
  if (is_identifier(name)) return std::string(name);
  std::string result = words_of(name);
  if (result.empty() || result == "_") result = "column";
  if (sql::is_digit(result.front())) result.insert(0, "n");
  if (result.front() == '_') result.insert(0, "n");
  return is_taken(result) ? result + '_' : result;
}

std::string file_stem(std::string_view class_name) {
  std::string result;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    const bool starts_word = i > 0 && sql::is_upper(class_name[i]) && !sql::is_upper(class_name[i - 1]);
    if (starts_word) result += '_';
    result += class_name[i];
  }
  // Many file systems allow 255 bytes, some 143.
  constexpr std::size_t longest = 100;
  return sql::to_lower(result.substr(0, longest));
}

std::string UniqueNames::add(const std::string& name) {
  std::string result = name;
  for (int number = 2; !taken_.insert(sql::to_lower(result)).second; ++number) result = name + std::to_string(number);
  return result;
}

}  // namespace whimbrel::write
