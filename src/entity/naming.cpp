#include "entity/naming.h"

#include <algorithm>
#include <array>

#include "model/sha1.h"
#include "sql/characters.h"
#include "sql/lexer.h"

namespace whimbrel::entity {

namespace {

/// Converts UTF-8 to UTF-16 code units, by which JavaScript sorts. Bytes that are not UTF-8 are kept.
std::u16string utf16(std::string_view text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t offset) {
      return i + offset < text.size() ? static_cast<unsigned char>(text[i + offset]) : 0U;
    };
    const unsigned lead = byte(0);
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    unsigned point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) point = (point << 6U) | (byte(k) & 0x3FU);
    i += length;
    if (point >= 0x10000) {
      units += static_cast<char16_t>(0xD800U + ((point - 0x10000U) >> 10U));
      point = 0xDC00U + ((point - 0x10000U) & 0x3FFU);
    }
    units += static_cast<char16_t>(point);
  }
  return units;
}

constexpr std::size_t long_hash = 27;
constexpr std::size_t short_hash = 26;

std::string hashed(std::string_view prefix, const std::string& text, std::size_t length) {
  return std::string(prefix) + model::sha1(text).substr(0, length);
}

std::string joined(std::string_view table, std::vector<std::string> columns) {
  // The order of the columns does not matter.
  std::sort(columns.begin(), columns.end(),
            [](const std::string& a, const std::string& b) { return utf16(a) < utf16(b); });
  std::string result(table);
  for (const std::string& column : columns) result += '_' + column;
  return result;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string text_of(std::string_view text) { return std::string(text); }

/// `uq_user_email`
std::string readable(std::string_view prefix, std::string_view table, const NamingStrategy::Columns& columns) {
  std::string name = text_of(prefix) + text_of(table);
  for (const std::string& column : columns) name += '_' + identifier_of(column);
  return name;
}

class SnakeCaseNaming final : public NamingStrategy {
 public:
  std::string column(std::string_view member, const Columns& prefixes) const override {
    std::string name;
    for (const std::string& prefix : prefixes) name += snake_case(prefix) + '_';
    return name + snake_case(member);
  }
  std::string join_column(std::string_view relation, std::string_view referenced_member) const override {
    return snake_case(relation) + '_' + snake_case(referenced_member);
  }
  std::string junction_column(std::string_view table, std::string_view column) const override {
    return text_of(table) + '_' + text_of(column);
  }
  std::string primary_key(std::string_view table, const Columns&) const override { return "pk_" + text_of(table); }
  std::string unique(std::string_view table, const Columns& columns) const override {
    return readable("uq_", table, columns);
  }
  std::string relation_unique(std::string_view table, const Columns& columns) const override {
    return unique(table, columns);
  }
  std::string index(std::string_view table, const Columns& columns, std::string_view where) const override {
    const std::string name = readable("ix_", table, columns);
    return where.empty() ? name : name + "_where_" + identifier_of(where);
  }
  std::string foreign_key(std::string_view table, const Columns& columns) const override {
    return readable("fk_", table, columns);
  }
  std::string check(std::string_view table, std::string_view expression) const override {
    return "ck_" + text_of(table) + '_' + identifier_of(expression);
  }
  std::string exclusion(std::string_view table, std::string_view definition) const override {
    return "ex_" + text_of(table) + '_' + identifier_of(definition);
  }
};

}  // namespace

std::string snake_case(std::string_view text) {
  std::string parted;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.size() > 2 && sql::is_upper(rest[0]) && sql::is_upper(rest[1]) && sql::is_lower(rest[2])) {
      parted.append({rest[0], '_', rest[1], rest[2]});
      i += 2;
    } else {
      parted += rest[0];
    }
  }
  std::string result;
  for (std::size_t i = 0; i < parted.size(); ++i) {
    const bool starts_word =
        i > 0 && sql::is_upper(parted[i]) && (sql::is_lower(parted[i - 1]) || sql::is_digit(parted[i - 1]));
    if (starts_word) result += '_';
    result += sql::is_upper(parted[i]) ? static_cast<char>(parted[i] - 'A' + 'a') : parted[i];
  }
  return result;
}

std::string camel_case(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool joins = is_blank(text[i]) || text[i] == '-' || text[i] == '_';
    if (joins && i + 1 < text.size() && sql::is_name_part(text[i + 1])) {
      result += sql::to_upper(text[++i]);
    } else {
      result += i == 0 ? sql::to_lower(text[i]) : text[i];
    }
  }
  return result;
}

std::string title_case(std::string_view text) {
  std::string result;
  bool in_word = false;
  for (const char c : text) {
    result += in_word ? sql::to_lower(c) : sql::to_upper(c);
    in_word = in_word ? !is_blank(c) : sql::is_name_part(c);
  }
  return result;
}

std::string identifier_of(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool stays = sql::is_name_part(c) || static_cast<unsigned char>(c) >= 0x80;
    if (stays) {
      result += sql::to_lower(c);
    } else if (!result.empty() && result.back() != '_') {
      result += '_';
    }
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  return result;
}

bool is_derived_name(std::string_view name) {
  struct Form {
    std::string_view prefix;
    std::size_t length;
  };
  static constexpr std::array<Form, 7> forms = {{{"PK_", long_hash},
                                                 {"UQ_", long_hash},
                                                 {"FK_", long_hash},
                                                 {"REL_", short_hash},
                                                 {"IDX_", short_hash},
                                                 {"CHK_", short_hash},
                                                 {"XCL_", short_hash}}};
  return std::any_of(forms.begin(), forms.end(), [&](const Form& form) {
    if (!name.starts_with(form.prefix) || name.size() != form.prefix.size() + form.length) return false;
    const std::string_view digits = name.substr(form.prefix.size());
    return std::all_of(digits.begin(), digits.end(), [](char c) { return sql::is_digit(c) || (c >= 'a' && c <= 'f'); });
  });
}

DerivedNames::DerivedNames(const model::Schema& schema, const NamingStrategy& naming) {
  for (const model::Table& table : schema.tables) {
    for (const model::Column& column : table.columns) {
      if (!column.enum_name.empty()) names_.insert(naming.enum_type(table.name.name, column.name));
    }
  }
  // All other names that TypeORM derives have its form.
  if (&naming == &typeorm_naming()) return;
  for (const model::Table& table : schema.tables) {
    const std::string& name = table.name.name;
    for (const model::Unique& unique : table.uniques) {
      names_.insert(naming.unique(name, column_names(unique.columns)));
      names_.insert(naming.relation_unique(name, column_names(unique.columns)));
    }
    for (const model::Index& index : table.indexes) {
      names_.insert(naming.index(name, part_texts(index.columns), index.where));
    }
    for (const model::Check& check : table.checks) names_.insert(naming.check(name, check.expression));
    for (const model::ForeignKey& key : table.foreign_keys) names_.insert(naming.foreign_key(name, key.columns));
  }
}

bool DerivedNames::has(std::string_view name) const { return is_derived_name(name) || names_.contains(name); }

std::vector<std::string> part_texts(const std::vector<model::KeyPart>& parts) {
  std::vector<std::string> texts;
  for (const model::KeyPart& part : parts) {
    std::string& text = texts.emplace_back(part.column.empty() ? part.expression : part.column);
    if (!part.collation.empty()) text += " COLLATE " + part.collation;
    if (part.descending) text += " DESC";
  }
  return texts;
}

}  // namespace whimbrel::entity

namespace whimbrel {

using namespace entity;

std::string NamingStrategy::table(std::string_view class_name) const { return snake_case(class_name); }

std::string NamingStrategy::column(std::string_view member, const Columns& prefixes) const {
  if (prefixes.empty()) return text_of(member);
  std::string joined_prefixes;
  for (const std::string& prefix : prefixes) joined_prefixes += (joined_prefixes.empty() ? "" : "_") + prefix;
  return camel_case(joined_prefixes) + title_case(member);
}

std::string NamingStrategy::join_column(std::string_view relation, std::string_view referenced_member) const {
  return camel_case(text_of(relation) + '_' + text_of(referenced_member));
}

std::string NamingStrategy::junction_table(std::string_view table, std::string_view member,
                                           std::string_view other_table) const {
  std::string name = text_of(table) + '_';
  if (!member.empty()) name += text_of(member) + '_';
  return snake_case(name + text_of(other_table));
}

std::string NamingStrategy::junction_column(std::string_view table, std::string_view column) const {
  return camel_case(text_of(table) + '_' + text_of(column));
}

std::string NamingStrategy::repeated_junction_column(std::string_view column, int side) const {
  return text_of(column) + '_' + std::to_string(side);
}

std::string NamingStrategy::closure_table(std::string_view table) const { return text_of(table) + "_closure"; }
std::string NamingStrategy::ancestor_column(std::string_view member) const { return text_of(member) + "_ancestor"; }
std::string NamingStrategy::descendant_column(std::string_view member) const { return text_of(member) + "_descendant"; }
std::string NamingStrategy::discriminator_column() const { return "type"; }

std::string NamingStrategy::primary_key(std::string_view table, const Columns& columns) const {
  return hashed("PK_", joined(table, columns), long_hash);
}

std::string NamingStrategy::unique(std::string_view table, const Columns& columns) const {
  return hashed("UQ_", joined(table, columns), long_hash);
}

std::string NamingStrategy::relation_unique(std::string_view table, const Columns& columns) const {
  return hashed("REL_", joined(table, columns), short_hash);
}

std::string NamingStrategy::index(std::string_view table, const Columns& columns, std::string_view where) const {
  std::string text = joined(table, columns);
  if (!where.empty()) text.append("_").append(where);
  return hashed("IDX_", text, short_hash);
}

std::string NamingStrategy::foreign_key(std::string_view table, const Columns& columns) const {
  return hashed("FK_", joined(table, columns), long_hash);
}

std::string NamingStrategy::check(std::string_view table, std::string_view expression) const {
  return hashed("CHK_", text_of(table).append("_").append(expression), short_hash);
}

std::string NamingStrategy::exclusion(std::string_view table, std::string_view definition) const {
  return hashed("XCL_", text_of(table).append("_").append(definition), short_hash);
}

std::string NamingStrategy::enum_type(std::string_view table, std::string_view column) const {
  return text_of(table) + '_' + sql::to_lower(column) + "_enum";
}

const NamingStrategy& typeorm_naming() {
  static const NamingStrategy strategy;
  return strategy;
}

const NamingStrategy& snake_case_naming() {
  static const SnakeCaseNaming strategy;
  return strategy;
}

}  // namespace whimbrel
