#include "dialect/postgres/generate/type_change.h"

#include <algorithm>
#include <string>
#include <vector>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/type_parts.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Check;
using model::Column;
using model::Object;
using model::TypeContents;

bool is_domain(const Object& object) { return object.kind == "domain"; }

const Column* find_attribute(const TypeContents& type, const std::string& name) {
  const auto found = std::find_if(type.attributes.begin(), type.attributes.end(),
                                  [&](const Column& attribute) { return attribute.name == name; });
  return found == type.attributes.end() ? nullptr : &*found;
}

bool has_check(const TypeContents& type, const Check& check) {
  return std::any_of(type.checks.begin(), type.checks.end(), [&](const Check& other) {
    return other.name == check.name && other.expression == check.expression;
  });
}

/// Returns the first of the constraints that is the same as this one except for its name, which the other domain does
/// not have; null if there is none.
const Check* find_same(const TypeContents& type, const Check& check, const TypeContents& other_type) {
  const auto found = std::find_if(type.checks.begin(), type.checks.end(), [&](const Check& candidate) {
    const std::vector<Check>& others = other_type.checks;
    return candidate.expression == check.expression &&
           std::none_of(others.begin(), others.end(), [&](const Check& other) { return other.name == candidate.name; });
  });
  return found == type.checks.end() ? nullptr : &*found;
}

/// Returns what a check constraint becomes that only gets another name; null for others.
const Check* find_renamed(const Object& before, const Object& after, const Check& check) {
  if (find_same(*before.type.value, check, *after.type.value) != &check) return nullptr;
  return find_same(*after.type.value, check, *before.type.value);
}

/// Returns whether the check constraint is an existing one, perhaps with another name.
bool is_there(const Object& before, const Object& after, const Check& check) {
  const std::vector<Check>& checks = before.type.value->checks;
  return has_check(*before.type.value, check) || std::any_of(checks.begin(), checks.end(), [&](const Check& other) {
           return find_renamed(before, after, other) == &check;
         });
}

bool same_type(const Column& a, const Column& b) { return a.type == b.type && a.collation == b.collation; }

/// Returns whether a conversion by text gives every value an equal one, or fails.
bool keeps_text(const Column& from, const Column& to) {
  if (same_type(from, to)) return true;
  const TypeParts before = parts_of(from.type);
  const TypeParts after = parts_of(to.type);
  if (before.is_array != after.is_array) return false;
  if (is_whole(before.name) && (is_whole(after.name) || after.name == "numeric")) return true;
  if (before.name == "numeric" && is_whole(after.name)) return true;
  const auto is_plain_text = [](const std::string& name) { return name == "text" || name == "character varying"; };
  return is_plain_text(before.name) && is_plain_text(after.name) && fits_length(before, after);
}

std::string type_sql(const Column& attribute) {
  std::string sql = to_string(attribute.type);
  if (!attribute.collation.empty()) sql += " COLLATE " + attribute.collation;
  return sql;
}

void change_attributes(Statements& statements, const Object& before, const Object& after) {
  std::vector<std::string> changes;
  const auto change = [&](const char* verb, const Column& attribute) -> std::string& {
    return changes.emplace_back(verb + sql::quote_identifier(attribute.name, postgres_syntax));
  };
  for (const Column& attribute : before.type.value->attributes) {
    if (find_attribute(*after.type.value, attribute.name) == nullptr) change("DROP ATTRIBUTE ", attribute);
  }
  for (const Column& attribute : after.type.value->attributes) {
    const Column* const there = find_attribute(*before.type.value, attribute.name);
    if (there == nullptr) {
      change("ADD ATTRIBUTE ", attribute) += ' ' + type_sql(attribute);
    } else if (!same_type(*there, attribute)) {
      change("ALTER ATTRIBUTE ", attribute) += " TYPE " + type_sql(attribute);
    }
  }
  if (changes.empty()) return;
  sql::Writer writer(postgres_syntax);
  writer.raw("ALTER TYPE ").raw(quote(after.name)).raw(" ");
  writer.list(changes, [&](const std::string& text) { writer.raw(text); });
  statements.say(writer.take());
}

void change_domain(Statements& statements, const Object& before, const Object& after) {
  const std::string domain = "ALTER DOMAIN " + quote(after.name) + ' ';
  const auto name = [](const Check& check) { return sql::quote_identifier(check.name.text, postgres_syntax); };
  for (const Check& check : before.type.value->checks) {
    if (has_check(*after.type.value, check)) continue;
    const Check* const renamed = find_renamed(before, after, check);
    statements.say(domain + (renamed != nullptr ? "RENAME CONSTRAINT " + name(check) + " TO " + name(*renamed)
                                                : "DROP CONSTRAINT " + name(check)));
  }
  const Column& base_before = before.type.value->attributes.front();
  const Column& base_after = after.type.value->attributes.front();
  if (base_before.default_expression != base_after.default_expression) {
    const std::optional<std::string>& value = base_after.default_expression;
    statements.say(domain + (value ? "SET DEFAULT " + default_sql(*value) : "DROP DEFAULT"));
  }
  if (base_before.nullable != base_after.nullable) {
    statements.say(domain + (base_after.nullable ? "DROP NOT NULL" : "SET NOT NULL"));
  }
  for (const Check& check : after.type.value->checks) {
    if (is_there(before, after, check)) continue;
    statements.say(domain + "ADD CONSTRAINT " + name(check) + ' ' + check.expression);
  }
}

}  // namespace

bool can_change_in_place(const Object& before, const Object& after) {
  if (!before.type.value || !after.type.value || before.kind != after.kind) return false;
  const std::vector<Column>& old_parts = before.type.value->attributes;
  const std::vector<Column>& new_parts = after.type.value->attributes;
  if (is_domain(before)) return same_type(old_parts.front(), new_parts.front());
  auto place = new_parts.begin();
  for (const Column& attribute : old_parts) {
    if (find_attribute(*after.type.value, attribute.name) == nullptr) continue;
    if (place == new_parts.end() || place->name != attribute.name) return false;
    ++place;
  }
  return true;
}

bool checks_values(const Object& before, const Object& after) {
  if (!is_domain(after)) return false;
  const TypeContents& type = *after.type.value;
  if (!type.attributes.front().nullable && before.type.value->attributes.front().nullable) return true;
  return std::any_of(type.checks.begin(), type.checks.end(),
                     [&](const Check& check) { return !check.not_valid && !is_there(before, after, check); });
}

bool changes_attribute_types(const Object& before, const Object& after) {
  const std::vector<Column>& attributes = before.type.value->attributes;
  return !is_domain(before) && std::any_of(attributes.begin(), attributes.end(), [&](const Column& attribute) {
    const Column* const later = find_attribute(*after.type.value, attribute.name);
    return later != nullptr && !same_type(attribute, *later);
  });
}

bool keeps_texts(const Object& before, const Object& after) {
  if (!before.type.value || !after.type.value || before.kind != after.kind) return false;
  const std::vector<Column>& from = before.type.value->attributes;
  const std::vector<Column>& to = after.type.value->attributes;
  return std::equal(from.begin(), from.end(), to.begin(), to.end(),
                    [](const Column& a, const Column& b) { return a.name == b.name && keeps_text(a, b); });
}

void change_type(Statements& statements, const Object& before, const Object& after) {
  if (is_domain(after)) {
    change_domain(statements, before, after);
  } else {
    change_attributes(statements, before, after);
  }
}

}  // namespace whimbrel::dialect::postgres
