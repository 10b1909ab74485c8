#include "dialect/mysql/compare/normalised.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dialect/mysql/inspect/column_text.h"
#include "dialect/mysql/inspect/lost_characters.h"
#include "dialect/mysql/text/engines.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using model::Column;
using model::ForeignKey;
using model::Index;
using model::KeyPart;
using model::Table;

bool same_name(const std::string& a, const std::string& b) { return sql::equal_ignoring_case(a, b); }

/// Returns whether the first columns of the key are these, in this order, as the server requires of the index of a
/// foreign key.
bool covers(const std::vector<KeyPart>& parts, const std::vector<std::string>& columns) {
  if (parts.size() < columns.size()) return false;
  return std::equal(columns.begin(), columns.end(), parts.begin(), [](const std::string& column, const KeyPart& part) {
    return part.expression.empty() && !part.length && same_name(part.column, column);
  });
}

bool is_plain_index(const Index& index) { return index.method.empty() && index.where.empty(); }

bool has_index_for(const Table& table, const ForeignKey& key) {
  const auto has = [&](const auto& item) { return covers(item.columns, key.columns); };
  return (table.primary_key && has(*table.primary_key)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(), has) ||
         std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const Index& index) { return is_plain_index(index) && has(index); });
}

/// Returns the existing index that the server uses for the key, if it was probably created for it.
const Index* find_own_index(const Table* table, const ForeignKey& key) {
  if (table == nullptr) return nullptr;
  const auto found = std::find_if(table->indexes.begin(), table->indexes.end(), [&](const Index& index) {
    return is_plain_index(index) && !index.unique && index.columns.size() == key.columns.size() &&
           covers(index.columns, key.columns);
  });
  return found == table->indexes.end() ? nullptr : &*found;
}

/// The index is named explicitly, as the server would name it, so that it is dropped with the key.
void add_indexes(Table& table, const Table* current) {
  for (const ForeignKey& key : table.foreign_keys) {
    if (key.columns.empty() || has_index_for(table, key)) continue;
    if (const Index* const own = find_own_index(current, key)) {
      table.indexes.push_back(*own);
      table.indexes.back().name.derived.value = true;
      continue;
    }
    Index index;
    index.name = model::ConstraintName::make_derived(key.name.text.empty() ? key.columns.front() : key.name.text);
    for (const std::string& column : key.columns) index.columns.emplace_back(column);
    table.indexes.push_back(std::move(index));
  }
}

bool is_unique_key(const Index& index) {
  return index.unique && is_plain_index(index) && index.storage_parameters.empty() &&
         std::all_of(index.columns.begin(), index.columns.end(),
                     [](const KeyPart& part) { return part.expression.empty(); });
}

/// A unique index over columns is the same as a unique constraint. One with a comment or the like is read as an index.
void turn_unique_indexes(Table& table, const Table* current) {
  const auto is_turned = [&](const Index& index) {
    const bool is_index =
        current != nullptr && std::any_of(current->indexes.begin(), current->indexes.end(), [&](const Index& other) {
          return other.unique && other.columns == index.columns;
        });
    return is_unique_key(index) && !is_index;
  };
  for (const Index& index : table.indexes) {
    if (!is_turned(index)) continue;
    model::Unique unique;
    unique.name = index.name;
    unique.columns = index.columns;
    table.uniques.push_back(std::move(unique));
  }
  std::erase_if(table.indexes, is_turned);
}

std::string option(const Table& table, const std::string& name) {
  const auto found = table.options.find(name);
  return found == table.options.end() ? std::string() : found->second;
}

/// Writes the character set and the collation of columns as they are read. The server does not tell whether a column
/// has the collation of its table, or one of its own that is the same; and a collation brings its character set.
void turn_collations(Table& table) {
  const std::string charset = option(table, "DEFAULT CHARSET");
  const std::string collation = option(table, "COLLATE");
  for (Column& column : table.columns) {
    if (!collation.empty() && same_name(column.collation, collation)) {
      column.charset.clear();
      column.collation.clear();
    }
    if (column.charset.empty()) column.charset = charset_of(column.collation);
    if (!charset.empty() && same_name(column.charset, charset)) column.charset.clear();
  }
}

/// They are the same, and are read as NO ACTION.
void turn_restrict(ForeignKey& key) {
  const auto turn = [](model::ReferentialAction& action, bool& is_restricted) {
    if (action != model::ReferentialAction::restrict) return;
    action = model::ReferentialAction::no_action;
    is_restricted = true;
  };
  turn(key.on_delete, key.restricted.value.on_delete);
  turn(key.on_update, key.restricted.value.on_update);
}

/// A character set without a collation means the default of the character set, not that of the database.
void add_options(Table& table, const TableDefaults& defaults) {
  table.options.try_emplace("ENGINE", defaults.engine);
  const std::string charset = option(table, "DEFAULT CHARSET");
  const std::string collation = option(table, "COLLATE");
  if (charset.empty() && collation.empty()) {
    table.options["DEFAULT CHARSET"] = defaults.charset;
    table.options["COLLATE"] = defaults.collation;
  } else if (charset.empty()) {
    table.options["DEFAULT CHARSET"] = charset_of(collation);
  } else if (const auto found = defaults.collations.find(charset);
             collation.empty() && found != defaults.collations.end()) {
    table.options["COLLATE"] = found->second;
  }
}

/// Does the same for columns, whose names may be written in another way. One that exists keeps its collation, since the
/// default may have been another one.
void add_collations(Table& table, const Table* before, const TableDefaults& defaults, const Server& server) {
  for (Column& column : table.columns) {
    column.charset = charset_name(column.charset, server);
    column.collation = charset_name(column.collation, server);
    if (column.charset.empty() || !column.collation.empty()) continue;
    if (same_name(column.charset, option(table, "DEFAULT CHARSET"))) continue;
    const Column* const existing = before == nullptr ? nullptr : before->find_column(column.name);
    const auto found = defaults.collations.find(column.charset);
    if (existing != nullptr && same_name(existing->charset, column.charset)) {
      column.collation = existing->collation;
    } else if (found != defaults.collations.end()) {
      column.collation = found->second;
    }
  }
}

/// MariaDB takes the precision of the column whatever is given, and MySQL refuses another one.
std::string spelled_update(const Column& column, const Server& server) {
  if (server.is_mariadb) {
    const auto& arguments = column.type.arguments;
    return "current_timestamp(" + (arguments.empty() ? "" : std::to_string(arguments.front())) + ')';
  }
  const std::vector<sql::Token> tokens = sql::tokenize(column.on_update, mysql_syntax);
  const bool has_precision = tokens.size() == 4 && tokens[2].text != "0";
  return "CURRENT_TIMESTAMP" + (has_precision ? '(' + std::string(tokens[2].text) + ')' : "");
}

using TablesByName = std::map<model::Name, const Table*>;

TablesByName by_name(const model::Schema& schema) {
  TablesByName tables;
  for (const Table& table : schema.tables) tables.emplace(table.name, &table);
  return tables;
}

const Table* find(const TablesByName& tables, const model::Name& name) {
  const auto found = tables.find(name);
  return found == tables.end() ? nullptr : found->second;
}

std::pair<std::string, std::string> key_of(const model::Trigger& trigger) { return {"trigger", trigger.name}; }
std::pair<std::string, std::string> key_of(const model::Object& object) { return {object.kind, object.name.name}; }

template <class Program>
void keep_sessions(std::vector<Program>& desired, const std::vector<Program>& current) {
  std::map<std::pair<std::string, std::string>, const Program*> programs;
  for (const Program& program : current) programs.emplace(key_of(program), &program);
  for (Program& program : desired) {
    const auto before = programs.find(key_of(program));
    if (before == programs.end() || before->second->definition != program.definition) continue;
    if (means_the_same(before->second->session, program.session)) program.session = before->second->session;
  }
}

/// Returns the clause of an event that says when it starts, with the space before it; empty if there is none.
std::string start_clause(std::string_view definition) {
  const std::vector<sql::Token> tokens = sql::tokenize(definition, mysql_syntax);
  std::size_t i = 0;
  while (i + 1 < tokens.size() && !(tokens[i].is("SCHEDULE") && tokens[i + 1].is("EVERY"))) ++i;
  while (i + 1 < tokens.size() && !tokens[i].is("STARTS") && !tokens[i].is("DO")) ++i;
  if (i + 1 >= tokens.size() || !tokens[i].is("STARTS")) return {};
  return " STARTS " + std::string(tokens[i + 1].text);
}

/// Other engines ignore foreign keys.
void require_foreign_keys(const Table& table, const Server& server) {
  const std::string engine = option(table, "ENGINE");
  const bool has_them = engine.empty() || same_name(engine, "InnoDB") || sql::to_lower(engine).starts_with("ndb");
  if (has_them || table.foreign_keys.empty()) return;
  throw Error(ErrorKind::entity, "table \"" + to_string(table.name) + "\": the engine " + engine + " of " +
                                     (server.is_mariadb ? "MariaDB" : "MySQL") + " has no foreign keys")
      .with_remedy("Give the table an engine that has them: table({.engine = \"InnoDB\"}).");
}

}  // namespace

TableDefaults read_table_defaults(Connection& connection) {
  TableDefaults defaults;
  const Rows::Data rows = connection.run(
      "SELECT CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME, @@default_storage_engine, @@character_set_database, "
      "@@collation_database FROM information_schema.CHARACTER_SETS");
  for (const std::vector<Value>& row : rows.values) {
    defaults.collations[row[0].text()] = row[1].text();
    defaults.engine = row[2].text();
    defaults.charset = row[3].text();
    defaults.collation = row[4].text();
  }
  return defaults;
}

void add_options(model::Schema& desired, const model::Schema& current, const TableDefaults& defaults,
                 const Server& server) {
  const TablesByName tables = by_name(current);
  for (Table& table : desired.tables) {
    const Table* const before = find(tables, table.name);
    const std::string charset = option(table, "DEFAULT CHARSET");
    const std::string collation = option(table, "COLLATE");
    const std::string wanted = charset.empty() ? charset_of(collation) : charset;
    const bool keeps = before != nullptr && (wanted.empty() || same_name(wanted, option(*before, "DEFAULT CHARSET")));
    // An existing table keeps what is not specified.
    if (keeps) {
      table.options.insert(before->options.begin(), before->options.end());
    } else {
      if (before != nullptr) table.options.try_emplace("ENGINE", option(*before, "ENGINE"));
      add_options(table, defaults);
    }
    add_collations(table, before, defaults, server);
    require_foreign_keys(table, server);
  }
}

void turn_columns(model::Schema& desired, const Server& server) {
  for (Table& table : desired.tables) {
    table.comment = stored_comment(table.comment);
    for (Column& column : table.columns) {
      column.comment = stored_comment(column.comment);
      // It has no NOT NULL for them.
      if (server.is_mariadb && column.computed) column.nullable = true;
      if (is_current_timestamp(column.on_update)) column.on_update = spelled_update(column, server);
    }
  }
}

void keep_sessions(model::Schema& desired, const model::Schema& current) {
  const TablesByName tables = by_name(current);
  for (Table& table : desired.tables) {
    if (const Table* const before = find(tables, table.name)) keep_sessions(table.triggers, before->triggers);
  }
  keep_sessions(desired.objects, current.objects);
}

void keep_starts(diff::SchemaPair& pair) {
  for (model::Object& event : pair.desired.objects) {
    if (event.implied.value.empty()) continue;
    const auto is_it = [&](const model::Object& object) { return key_of(object) == key_of(event); };
    const auto before = std::find_if(pair.current.objects.begin(), pair.current.objects.end(), is_it);
    const bool is_new = before == pair.current.objects.end();
    if (const std::size_t at = event.definition.find(event.implied.value); at != std::string::npos) {
      event.definition.replace(at, event.implied.value.size(), is_new ? "" : start_clause(before->definition));
    } else if (!is_new && start_clause(event.definition).empty() && !before->implied.value.empty()) {
      const std::size_t start = before->definition.find(before->implied.value);
      if (start != std::string::npos) before->definition.erase(start, before->implied.value.size());
    }
  }
}

void keep_connected_tables(diff::SchemaPair& pair) {
  const TablesByName tables = by_name(pair.current);
  for (Table& table : pair.desired.tables) {
    const Table* const before = find(tables, table.name);
    if (before != nullptr && is_connected_engine(option(table, "ENGINE")) &&
        is_connected_engine(option(*before, "ENGINE"))) {
      table = *before;
    }
  }
}

diff::SchemaPair normalised(const model::Schema& current, model::Schema desired) {
  diff::SchemaPair pair{current, std::move(desired)};
  const TablesByName tables = by_name(current);
  for (Table& table : pair.desired.tables) {
    const Table* const before = find(tables, table.name);
    turn_unique_indexes(table, before);
    // The servers call every primary key PRIMARY.
    if (table.primary_key) table.primary_key->name = {};
    turn_collations(table);
    for (ForeignKey& key : table.foreign_keys) turn_restrict(key);
    add_indexes(table, before);
  }
  return pair;
}

}  // namespace whimbrel::dialect::mysql
