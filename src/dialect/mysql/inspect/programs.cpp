#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/program_row.h"
#include "dialect/mysql/inspect/statement_text.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

[[noreturn]] void refuse_hidden(const std::string& kind, const std::string& name, const CatalogState& state) {
  throw Error(ErrorKind::statement,
              "the definition of " + sql::to_lower(kind) + " \"" + name + "\" is hidden from the user " + state.user)
      .with_remedy(
          "Grant the user the privileges on the database: SHOW_ROUTINE or SHOW CREATE ROUTINE for routines, "
          "TRIGGER for triggers, EVENT for events.");
}

/// `follows`: the trigger of the same event that runs before it; empty if there is none.
std::string trigger_sql(const ProgramRow& row, const std::string& follows, const ShownStatements& shown,
                        const CatalogState& state) {
  std::string body = row.statement;
  if (row.needs_statement()) body = trigger_body(shown.find("TRIGGER", row.name));
  if (body.empty()) refuse_hidden("TRIGGER", row.name, state);
  return "CREATE " + definer_text(row.definer, state.user) + "TRIGGER " + quote_name(row.name) + " " + row.timing +
         " " + row.event + " ON " + quote_name(row.table) + " FOR EACH ROW " +
         (follows.empty() ? "" : "FOLLOWS " + quote_name(follows) + " ") + body;
}

std::string session_of(const ProgramRow& row) { return program_session(row.sql_mode, row.time_zone, row.collation); }

model::Object make_object(const std::string& kind, const std::string& name, std::string definition) {
  model::Object object;
  object.kind = sql::to_lower(kind);
  object.name = name;
  object.definition = std::move(definition);
  object.removal = "DROP " + kind + " " + quote_name(name);
  object.after_tables = kind != "SEQUENCE";
  return object;
}

}  // namespace

void read_triggers(const Catalog& catalog, const ShownStatements& shown, CatalogState& state) {
  std::map<std::pair<std::string, std::string>, std::string> last_of_event;
  for (const std::vector<Value>& values : catalog.programs.values) {
    const ProgramRow row(values);
    if (row.kind != "TRIGGER") continue;
    model::Table* const table = state.find_table(row.table);
    if (table == nullptr) continue;
    // They come in the order in which they run.
    std::string& last = last_of_event[{row.table, row.timing + ' ' + row.event}];
    table->triggers.push_back({row.name, trigger_sql(row, last, shown, state), {}, session_of(row)});
    last = row.name;
  }
}

// A default can use a sequence, so sequences come before the tables.
void read_objects(const Catalog& catalog, const ShownStatements& shown, CatalogState& state) {
  for (const std::string& name : state.sequences) {
    const std::string statement = shown.find("SEQUENCE", name);
    if (statement.empty()) continue;  // Not in the scope.
    model::Object object = make_object("SEQUENCE", name, statement);
    object.uses.value.emplace();
    object.rows.value = "the next number of sequence \"" + name + "\"";
    state.schema.objects.push_back(std::move(object));
  }
  for (const std::vector<Value>& values : catalog.programs.values) {
    const ProgramRow row(values);
    if (!row.is_object()) continue;
    const std::string statement = shown.find(row.kind.c_str(), row.name);
    if (statement.empty()) refuse_hidden(row.kind, row.name, state);
    model::Object object = make_object(row.kind, row.name, plain_statement(statement, state.user));
    object.session = session_of(row);
    if (!row.own_start.empty()) object.implied.value = " STARTS '" + row.own_start + "'";
    state.schema.objects.push_back(std::move(object));
  }
}

}  // namespace whimbrel::dialect::mysql
