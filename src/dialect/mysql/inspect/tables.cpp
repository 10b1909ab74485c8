#include <algorithm>

#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/column_text.h"
#include "dialect/mysql/inspect/create_options.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Returns whether the table belongs to the part that is read.
bool is_wanted(const std::string& name, const InspectScope& scope, const Server& server) {
  if (server.is_in_cluster && name == lock_table) return false;
  if (!scope.part || !scope.only_changed) return true;
  const auto& changed = scope.part->changed;
  return std::any_of(changed.begin(), changed.end(), [&](const model::Name& wanted) {
    return server.ignores_case_of_tables ? sql::equal_ignoring_case(wanted.name, name) : wanted.name == name;
  });
}

/// After any ALTER TABLE, Aria has its defaults among the options; and other engines keep, but do not use, those that a
/// table once had. https://mariadb.com/kb/en/aria-storage-engine/
void leave_out_options_of_aria(model::Table& table, const std::string& engine) {
  const bool is_aria = engine == "Aria";
  std::erase_if(table.options, [&](const auto& option) {
    const bool is_of_aria = option.first == "PAGE_CHECKSUM" || option.first == "TRANSACTIONAL";
    return is_of_aria && (!is_aria || option.second == "1");
  });
}

}  // namespace

std::map<std::string, std::string> read_create_options(std::string_view text) {
  std::map<std::string, std::string> options;
  const std::vector<sql::Token> tokens = sql::tokenize(text, mysql_syntax);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    // DATA DIRECTORY and INDEX DIRECTORY: where its files are is the server's affair, and no ALTER TABLE moves them.
    if (i + 1 < tokens.size() && tokens[i + 1].is("DIRECTORY")) {
      i += 3;
      continue;
    }
    std::string name = tokens[i].value();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (i + 2 >= tokens.size() || !tokens[i + 1].is("=")) {
      if (name != "PARTITIONED") options[name];
      continue;
    }
    i += 2;
    const sql::Token& value = tokens[i];
    options[name] = value.kind == sql::TokenKind::string && value.text.front() == '"'
                        ? sql::quote_string(value.value(), mysql_syntax)
                        : std::string(value.text);
  }
  return options;
}

bool is_partitioned(std::string_view create_options) {
  const std::vector<sql::Token> tokens = sql::tokenize(create_options, mysql_syntax);
  return std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) { return token.is("partitioned"); });
}

void read_tables(const Catalog& catalog, const InspectScope& scope, CatalogState& state) {
  for (const std::vector<Value>& values : catalog.tables.values) {
    Fields row(values);
    std::string name = row.text();
    if (!is_wanted(name, scope, state.server)) continue;
    const std::string type = row.text();
    if (type == "SEQUENCE") state.sequences.insert(name);
    if (type == "VIEW") state.views.push_back(name);
    const bool is_versioned = type == "SYSTEM VERSIONED";
    if (type != "BASE TABLE" && !is_versioned) continue;
    model::Table table;
    table.name = name;
    const std::string engine = row.text();
    const std::string collation = row.text();
    table.options = read_create_options(row.text());
    table.comment = row.text();
    leave_out_options_of_aria(table, engine);
    if (!engine.empty()) table.options["ENGINE"] = engine;
    if (!collation.empty()) {
      table.options["COLLATE"] = collation;
      if (const std::string charset = charset_of(collation); !charset.empty()) {
        table.options["DEFAULT CHARSET"] = charset;
      }
    }
    if (is_versioned) table.options["WITH SYSTEM VERSIONING"];
    state.collations[name] = collation;
    state.places[name] = state.schema.tables.size();
    state.schema.tables.push_back(std::move(table));
  }
}

}  // namespace whimbrel::dialect::mysql
