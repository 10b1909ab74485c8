#include "dialect/postgres/generate/table_options.h"

#include <algorithm>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using Options = std::map<std::string, std::string>;

const std::string* find(const Options& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? nullptr : &found->second;
}

bool says(const std::string* option, const char* word) {
  return option != nullptr && option->find(word) != option->npos;
}

void change_parameters(Statements& statements, const model::Name& table, const std::string* before,
                       const std::string* after) {
  const Options old_ones = before == nullptr ? Options() : read_storage_parameters(*before);
  const Options new_ones = after == nullptr ? Options() : read_storage_parameters(*after);
  std::string set;
  std::string reset;
  for (const auto& [name, value] : new_ones) {
    const std::string* old_value = find(old_ones, name);
    if (old_value != nullptr && *old_value == value) continue;
    set += (set.empty() ? "" : ", ") + name + (value.empty() ? "" : '=' + value);
  }
  for (const auto& [name, value] : old_ones) {
    if (!new_ones.contains(name)) reset += (reset.empty() ? "" : ", ") + name;
  }
  if (!set.empty()) statements.alter(table, "SET (" + set + ')');
  if (!reset.empty()) statements.alter(table, "RESET (" + reset + ')');
}

void change_security(Statements& statements, const model::Name& table, const std::string* before,
                     const std::string* after) {
  if (says(before, "ENABLE") != says(after, "ENABLE")) {
    statements.alter(table, says(after, "ENABLE") ? "ENABLE ROW LEVEL SECURITY" : "DISABLE ROW LEVEL SECURITY");
  }
  if (says(before, "FORCE") != says(after, "FORCE")) {
    statements.alter(table, says(after, "FORCE") ? "FORCE ROW LEVEL SECURITY" : "NO FORCE ROW LEVEL SECURITY");
  }
}

bool is_among(const std::vector<model::Name>& names, const model::Name& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void change_parents(Statements& statements, const operation::AlterTable& op) {
  const std::string* const before = find(op.options_before, partition_bound);
  const std::string* const after = find(op.options_after, partition_bound);
  const bool same_bound = (before == nullptr) == (after == nullptr) && (before == nullptr || *before == *after);
  if (same_bound && op.inherits_before == op.inherits_after) return;
  for (const model::Name& parent : op.inherits_before) {
    if (before != nullptr) {
      statements.say("ALTER TABLE " + quote(parent) + " DETACH PARTITION " + quote(op.table));
    } else if (!is_among(op.inherits_after, parent)) {
      statements.alter(op.table, "NO INHERIT " + quote(parent));
    }
  }
  // In one statement, the type of a column would be changed first, while it is still inherited.
  statements.end_alter();
  for (const model::Name& parent : op.inherits_after) {
    if (after != nullptr) {
      statements.say("ALTER TABLE " + quote(parent) + " ATTACH PARTITION " + quote(op.table) + ' ' + *after);
    } else if (!is_among(op.inherits_before, parent)) {
      statements.alter(op.table, "INHERIT " + quote(parent));
    }
  }
}

void refuse_method(const operation::AlterTable& op) {
  const std::string* const before = find(op.options_before, "USING");
  const std::string* const after = find(op.options_after, "USING");
  if ((before == nullptr) == (after == nullptr) && (before == nullptr || *before == *after)) return;
  throw Error(ErrorKind::unsafe,
              "PostgreSQL cannot change the access method of table \"" + to_string(op.table) + "\" in place.")
      .with_remedy("Create a new table in a hand-written migration, and copy the rows.");
}

std::string identity_sql(const std::string* value) {
  return "REPLICA IDENTITY " + (value == nullptr ? std::string("DEFAULT") : *value);
}

}  // namespace

bool is_partition(const model::Table& table) {
  return table.options.contains(partition_bound) && !table.inherits.empty();
}

Options read_storage_parameters(std::string_view text) {
  Options result;
  std::string name;
  std::string value;
  bool is_value = false;
  const auto end = [&] {
    if (!name.empty()) result[name] = value;
    name.clear(), value.clear();
    is_value = false;
  };
  for (const sql::Token& token : sql::tokenize(text, postgres_syntax)) {
    if (token.is(",")) {
      end();
    } else if (token.is("=")) {
      is_value = true;
    } else {
      (is_value ? value : name) += is_value ? std::string(token.text) : sql::to_lower(token.text);
    }
  }
  end();
  return result;
}

std::string storage_parameters_text(const Options& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text += (text.empty() ? "" : ", ") + name + (value.empty() ? "" : '=' + value);
  }
  return text;
}

void set_options(Statements& statements, const model::Table& table) {
  change_security(statements, table.name, nullptr, find(table.options, "ROW LEVEL SECURITY"));
  const std::string* const identity = find(table.options, "REPLICA IDENTITY");
  // One that names an index comes after the index.
  if (identity != nullptr) statements.alter(table.name, identity_sql(identity));
}

void change_options(Statements& statements, const operation::AlterTable& op) {
  refuse_method(op);
  const auto before = [&](const char* name) { return find(op.options_before, name); };
  const auto after = [&](const char* name) { return find(op.options_after, name); };
  const auto differs = [&](const char* name) {
    const std::string* const a = before(name);
    const std::string* const b = after(name);
    return (a == nullptr) != (b == nullptr) || (a != nullptr && *a != *b);
  };
  change_parents(statements, op);
  // A foreign key that the same statement drops would still count.
  if (differs("UNLOGGED")) {
    statements.say("ALTER TABLE " + quote(op.table) + (after("UNLOGGED") != nullptr ? " SET UNLOGGED" : " SET LOGGED"));
  }
  if (differs("WITH")) change_parameters(statements, op.table, before("WITH"), after("WITH"));
  if (differs("TABLESPACE")) {
    const std::string* const space = after("TABLESPACE");
    statements.alter(op.table, "SET TABLESPACE " +
                                   (space == nullptr ? "pg_default" : sql::quote_identifier(*space, postgres_syntax)));
  }
  change_security(statements, op.table, before("ROW LEVEL SECURITY"), after("ROW LEVEL SECURITY"));
  if (differs("REPLICA IDENTITY")) statements.alter(op.table, identity_sql(after("REPLICA IDENTITY")));
}

}  // namespace whimbrel::dialect::postgres
