#include "dialect/sqlite/guard/integrity.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

bool same(const std::string& a, const std::string& b) { return sql::equal_ignoring_case(a, b); }

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::map<Reference, std::string, LessReference> find_dangling(Connection& connection,
                                                              const std::vector<Reference>& all) {
  std::map<Reference, std::string, LessReference> dangling;
  if (all.empty()) return dangling;
  std::set<std::string, LessIgnoringCase> tables;
  for (const auto& row : connection.run("SELECT name FROM sqlite_master WHERE type = 'table'").values) {
    tables.insert(row.at(0).text());
  }
  for (const Reference& reference : all) {
    if (tables.contains(reference.parent)) continue;
    dangling[reference] =
        "a foreign key of " + quoted(reference.child) + " to the missing table " + quoted(reference.parent);
  }
  return dangling;
}

std::set<std::string, LessIgnoringCase> children(const std::vector<Reference>& all) {
  std::set<std::string, LessIgnoringCase> result;
  for (const Reference& reference : all) result.insert(reference.child);
  return result;
}

// Compiling the check covers every key without reading any row.
std::map<std::string, std::string, LessIgnoringCase> find_unusable_keys(Connection& connection,
                                                                        const std::vector<Reference>& all) {
  std::map<std::string, std::string, LessIgnoringCase> unusable;
  if (all.empty() || !compile_error(connection, "PRAGMA foreign_key_check")) return unusable;
  for (const std::string& child : children(all)) {
    const auto error =
        compile_error(connection, "PRAGMA foreign_key_check(" + sql::quote_identifier(child, sqlite_syntax) + ')');
    if (error) unusable[child] = "unusable foreign keys of " + quoted(child) + " (" + *error + ')';
  }
  return unusable;
}

/// Counts the rows of PRAGMA foreign_key_check without storing them, because every row of a table may have one.
class ViolationCounter final : public StatementObserver {
 public:
  void before(std::string_view) override {}
  void after(std::string_view) override {}
  bool take(const std::vector<std::string>&, const std::vector<Value>& row) override {
    ++violations[{row.at(0).text(), row.at(2).text()}];
    return true;
  }

  Violations violations;
};

void rename(Reference& reference, const std::string& from, const std::string& to, bool also_as_parent) {
  if (same(reference.child, from)) reference.child = to;
  if (also_as_parent && same(reference.parent, from)) reference.parent = to;
}

template <class Value>
void rename_in(std::map<Reference, Value, LessReference>& map, const std::string& from, const std::string& to,
               bool also_as_parent) {
  std::map<Reference, Value, LessReference> renamed;
  for (auto& [reference, value] : map) {
    Reference key = reference;
    rename(key, from, to, also_as_parent);
    renamed[key] += value;
  }
  map = std::move(renamed);
}

template <class Map>
void add_new(std::string& problems, const Map& before, const Map& after) {
  for (const auto& [key, reason] : after) {
    if (before.contains(key)) continue;
    problems += (problems.empty() ? "" : "; ") + reason;
  }
}

// A new object does not count if others had the same problem before: a trigger fails with every other one of its event.
void add_newly_broken(std::string& problems, const BrokenNames& before, const BrokenNames& after) {
  std::set<std::string> old_reasons;
  for (const auto& [key, reason] : before.objects) old_reasons.insert(reason);
  for (const auto& [key, reason] : after.objects) {
    if (reason.empty()) continue;
    const auto known = before.objects.find(key);
    const bool was_broken = known == before.objects.end() ? old_reasons.contains(reason) : !known->second.empty();
    if (was_broken) continue;
    problems += (problems.empty() ? "an unusable " : "; an unusable ") + key.first + ' ' + quoted(key.second) + " (" +
                reason + ')';
  }
}

/// Returns a name in the first statement that is a string in the second: ALTER TABLE ... RENAME turns a double-quoted
/// name that it no longer finds into one.
std::optional<std::string> name_made_a_string(const std::string& before, const std::string& after) {
  const std::vector<sql::Token> left = sql::tokenize(before, sqlite_syntax);
  const std::vector<sql::Token> right = sql::tokenize(after, sqlite_syntax);
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    const bool is_made = left[i].kind == sql::TokenKind::quoted_identifier && right[i].kind == sql::TokenKind::string;
    if (is_made && right[i].value() == left[i].value()) return left[i].value();
  }
  return std::nullopt;
}

/// A view that continues to read a dropped column returns the column's name.
void add_newly_misread(std::string& problems, const BrokenNames& before, const BrokenNames& after) {
  for (const auto& [key, definition] : after.definitions) {
    const auto known = before.objects.find(key);
    if (known == before.objects.end() || !known->second.empty() || before.strings.contains(key)) continue;
    const std::string& old = before.definitions.at(key);
    const auto string = after.strings.find(key);
    std::string reason;
    if (const auto name = name_made_a_string(old, definition)) {
      reason = "no such column: " + *name;
    } else if (string != after.strings.end() && same_but_for_quotes(old, definition)) {
      reason = string->second;
    } else {
      continue;
    }
    problems += (problems.empty() ? "a " : "; a ") + key.first + ' ' + quoted(key.second) +
                " that reads a name as a string (" + reason + ')';
  }
}

}  // namespace

bool LessReference::operator()(const Reference& a, const Reference& b) const {
  const auto key = [](const Reference& reference) {
    return std::pair(sql::to_lower(reference.child), sql::to_lower(reference.parent));
  };
  return key(a) < key(b);
}

std::vector<Reference> references(Connection& connection) {
  const Rows::Data rows = connection.run(
      "SELECT DISTINCT t.name, f.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f "
      "WHERE t.type = 'table'");
  std::vector<Reference> result;
  result.reserve(rows.values.size());
  for (const auto& row : rows.values) result.push_back({row.at(0).text(), row.at(1).text()});
  return result;
}

BrokenNames find_broken_names(Connection& connection) {
  BrokenNames names;
  const std::vector<Reference> all = references(connection);
  names.dangling = find_dangling(connection, all);
  names.unusable_keys = find_unusable_keys(connection, all);
  const Rows::Data objects = connection.run(
      "SELECT CASE type WHEN 'table' THEN 'virtual table' ELSE type END, name, sql FROM sqlite_master WHERE type IN "
      "('view', 'trigger') OR type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE %'");
  if (objects.values.empty()) return names;
  bool has_quotes = false;
  for (const auto& row : objects.values) {
    const std::pair key(row.at(0).text(), row.at(1).text());
    names.objects[key] = "";
    const std::string& definition = names.definitions[key] = row.at(2).text();
    has_quotes = has_quotes || definition.find('"') != std::string::npos;
  }
  for (const BrokenObject& object : find_broken(connection)) names.objects[{object.kind, object.name}] = object.reason;
  if (!has_quotes) return names;
  connection.without_quoted_strings([&] {
    for (const BrokenObject& object : find_broken(connection)) {
      const std::pair key(object.kind, object.name);
      if (names.objects[key].empty()) names.strings[key] = object.reason;
    }
  });
  return names;
}

BrokenNames find_broken_names(Connection& connection, const BrokenNames& before) {
  BrokenNames names = find_broken_names(connection);
  const auto is_news = [&](const auto& object) {
    return !object.second.empty() && !before.objects.contains(object.first);
  };
  if (std::none_of(names.objects.begin(), names.objects.end(), is_news)) return names;
  std::vector<std::string> left_out;
  const std::unique_ptr<Connection> scratch = copy_schema(connection, left_out);
  std::set<std::pair<std::string, std::string>> broken;
  for (const BrokenObject& object : find_broken(*scratch)) broken.insert({object.kind, object.name});
  for (auto& object : names.objects) {
    if (is_news(object) && !broken.contains(object.first)) object.second.clear();
  }
  return names;
}

// A key that cannot be checked makes the check of the whole database fail. Old versions of SQLite have no table-valued
// function for the check of a single table.
Violations count_violations(Connection& connection) {
  ViolationCounter counter;
  const std::string check = "PRAGMA foreign_key_check";
  if (!compile_error(connection, check)) {
    connection.run(check, nullptr, counter);
    return counter.violations;
  }
  for (const std::string& child : children(references(connection))) {
    const std::string check_of_child = check + '(' + sql::quote_identifier(child, sqlite_syntax) + ')';
    if (!compile_error(connection, check_of_child)) connection.run(check_of_child, nullptr, counter);
  }
  return counter.violations;
}

void rename_table(BrokenNames& names, const std::string& from, const std::string& to, bool also_as_parent) {
  rename_in(names.dangling, from, to, also_as_parent);
  if (auto node = names.unusable_keys.extract(from)) {
    node.key() = to;
    names.unusable_keys.insert(std::move(node));
  }
}

void rename_table(Violations& violations, const std::string& from, const std::string& to, bool also_as_parent) {
  rename_in(violations, from, to, also_as_parent);
}

void compare(const BrokenNames& before, const BrokenNames& after) {
  std::string problems;
  add_new(problems, before.dangling, after.dangling);
  add_new(problems, before.unusable_keys, after.unusable_keys);
  add_newly_broken(problems, before, after);
  add_newly_misread(problems, before, after);
  if (problems.empty()) return;
  throw Error(ErrorKind::unsafe, "This would leave " + problems + '.')
      .with_remedy(
          "Make the migration also change or drop everything that references the dropped table or column, and create "
          "everything that a new view or trigger references. When you rename a table by hand, its references follow "
          "if PRAGMA legacy_alter_table = OFF precedes the ALTER TABLE and PRAGMA legacy_alter_table = ON follows it.");
}

void compare(const Violations& before, const Violations& after) {
  for (const auto& [reference, count] : after) {
    const auto known = before.find(reference);
    const std::int64_t old_count = known == before.end() ? 0 : known->second;
    if (count <= old_count) continue;
    throw Error(ErrorKind::unsafe, "This would leave " + std::to_string(count) + " rows of " + quoted(reference.child) +
                                       " that reference missing rows of " + quoted(reference.parent) +
                                       " (before: " + std::to_string(old_count) + ").")
        .with_remedy(
            "Make the migration also change or delete those rows; PRAGMA foreign_key_check lists them. Migrations "
            "run with foreign keys off, so ON DELETE and ON UPDATE have no effect.");
  }
}

}  // namespace whimbrel::dialect::sqlite
