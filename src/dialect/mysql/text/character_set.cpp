#include "dialect/mysql/text/character_set.h"

#include <algorithm>
#include <array>

namespace whimbrel::dialect::mysql {

namespace {

std::string option_of(const model::Table& table, const std::string& name) {
  const auto found = table.options.find(name);
  return found == table.options.end() ? std::string() : found->second;
}

struct Encoding {
  std::string_view name;
  std::uint32_t bytes;
  bool is_unicode = false;
  bool has_all_of_unicode = false;  ///< If false, it ends at U+FFFF, where the other character sets end, too.
};
/// All others have one byte. https://dev.mysql.com/doc/refman/8.4/en/charset-charsets.html
constexpr std::array encodings = {Encoding{"utf8mb4", 4, true, true},
                                  Encoding{"utf8mb3", 3, true},
                                  Encoding{"utf8", 3, true},
                                  Encoding{"ucs2", 2, true},
                                  Encoding{"utf16", 4, true, true},
                                  Encoding{"utf16le", 4, true, true},
                                  Encoding{"utf32", 4, true, true},
                                  Encoding{"gb18030", 4, true, true},
                                  Encoding{"big5", 2},
                                  Encoding{"sjis", 2},
                                  Encoding{"cp932", 2},
                                  Encoding{"euckr", 2},
                                  Encoding{"gb2312", 2},
                                  Encoding{"gbk", 2},
                                  Encoding{"ujis", 3},
                                  Encoding{"eucjpms", 3}};

Encoding find_encoding(std::string_view charset) {
  const auto* const found =
      std::find_if(encodings.begin(), encodings.end(), [&](const Encoding& known) { return known.name == charset; });
  return found == encodings.end() ? Encoding{charset, 1} : *found;
}

bool is_three_bytes(std::string_view charset) { return charset == "utf8mb3" || charset == "utf8"; }

}  // namespace

CharacterSet character_set(const model::Column& column, const model::Table& table) {
  if (!has_characters(column)) return {};
  if (column.charset.empty() && column.collation.empty()) {
    return {option_of(table, "DEFAULT CHARSET"), option_of(table, "COLLATE")};
  }
  // The name of a collation begins with its character set.
  const std::string& collation = column.collation;
  return {column.charset.empty() ? collation.substr(0, collation.find('_')) : column.charset, collation};
}

bool has_characters(const model::Column& column) {
  static constexpr std::array<std::string_view, 4> names = {"char", "varchar", "enum", "set"};
  const std::string& type = column.type.name;
  return type.ends_with("text") || type.starts_with("set(") ||
         std::find(names.begin(), names.end(), type) != names.end();
}

std::uint32_t bytes_per_character(std::string_view charset) { return find_encoding(charset).bytes; }

bool keeps_bytes(std::string_view from, std::string_view to) {
  if (from == to) return true;
  if (is_three_bytes(from)) return is_three_bytes(to) || to == "utf8mb4";
  return from == "ascii" && to != "ucs2" && !to.starts_with("utf16") && to != "utf32";
}

bool lacks_characters(std::string_view from, std::string_view to) {
  const Encoding before = find_encoding(from);
  const Encoding after = find_encoding(to);
  if (from == to || after.has_all_of_unicode || from == "ascii") return false;
  return !after.is_unicode || before.has_all_of_unicode;
}

bool may_unite(std::string_view from, std::string_view to) {
  // Only these tell texts with different spaces at the end apart.
  const auto counts_spaces = [](std::string_view collation) {
    return collation.find("nopad") != std::string_view::npos || collation.find("0900") != std::string_view::npos;
  };
  return from != to && (!to.ends_with("_bin") || (counts_spaces(from) && !counts_spaces(to)));
}

bool ignores_case(std::string_view collation) { return collation.ends_with("_ci"); }

}  // namespace whimbrel::dialect::mysql
