#include "dialect/sqlite/guard/trial_schema.h"

#include <utility>

#include "dialect/sqlite/inspect/stored_definition.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

std::string reading_statement(const std::string& view) {
  return "SELECT * FROM " + sql::quote_identifier(view, sqlite_syntax);
}

/// Removes what depends on the connection, on the number of earlier changes or on the spelling of names: the texts of
/// statements, and the messages of violated constraints.
void make_comparable(std::vector<Value>& instruction) {
  constexpr std::size_t operand = 5;
  instruction.pop_back();  // The comment.
  const std::string_view operation = text_of(instruction.at(1));
  const auto is = [&](std::string_view name) { return operation == name; };
  const bool has_text = is("Halt") || is("HaltIfNull") || is("Init") || is("Trace") || is("Explain");
  if (is("Transaction")) {
    instruction.resize(2);
  } else if (has_text || text_of(instruction.at(operand)).starts_with("vtab:")) {
    instruction.at(operand) = Value();
  }
}

std::optional<TrialSchema::Program> compile_whole(Connection& connection, const std::string& statement) {
  try {
    TrialSchema::Program program = connection.run("EXPLAIN " + statement).values;
    for (std::vector<Value>& instruction : program) make_comparable(instruction);
    return program;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return std::nullopt;
  }
}

}  // namespace

std::vector<StoredObject> stored_objects(Connection& connection) {
  std::vector<StoredObject> objects;
  const Rows::Data rows =
      connection.run("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid");
  objects.reserve(rows.values.size());
  for (const auto& row : rows.values) {
    objects.push_back({row.at(0).text(), row.at(1).text(), row.at(2).text(), row.at(3).text()});
  }
  return objects;
}

std::string firing_statement(Connection& connection, const std::string& table, TriggerEvent event) {
  sql::Writer writer(sqlite_syntax);
  if (event == TriggerEvent::insert) {
    return writer.raw("INSERT INTO ").identifier(table).raw(" DEFAULT VALUES").take();
  }
  if (event == TriggerEvent::remove) return writer.raw("DELETE FROM ").identifier(table).take();
  const Rows::Data columns = connection.run("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", {Value(table)});
  writer.raw("UPDATE ").identifier(table).raw(" SET ");
  writer.list(columns.values, [&](const std::vector<Value>& row) {
    writer.identifier(row.at(0).text()).raw(" = ").identifier(row.at(0).text());
  });
  return writer.take();
}

// A module creates tables of its own, which exist already if the ordinary tables come first; but it may read one of
// them, so that those that fail are tried again.
TrialSchema::TrialSchema(const Connection& connection, const std::vector<StoredObject>& objects)
    : scratch_(connection.open_scratch()) {
  scratch_->stand_in_for_unknown(&stand_ins_);
  scratch_->run("PRAGMA foreign_keys = OFF");
  const auto make_all = [&](const char* type, bool is_virtual) {
    for (const StoredObject& object : objects) {
      if (object.type == type && is_virtual_table(object.sql) == is_virtual) make(object);
    }
  };
  make_all("table", true);
  make_all("table", false);
  make_all("table", true);
  make_all("index", false);
}

bool TrialSchema::run(const std::string& statement) {
  try {
    scratch_->run(statement);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return false;
  }
}

// A manipulated file may store more than one statement.
void TrialSchema::make(const StoredObject& object) {
  try {
    require_definition(object.type, object.name, object.sql);
  } catch (const Error&) {
    return;
  }
  const bool is_made = run(object.sql);
  if (is_made && object.type == "trigger") triggers_.push_back(object.name);
}

void TrialSchema::make_views(const std::vector<StoredObject>& objects) {
  for (const StoredObject& object : objects) {
    if (object.type == "view") make(object);
  }
}

void TrialSchema::make_triggers(const std::vector<StoredObject>& objects) {
  for (const StoredObject& object : objects) {
    if (object.type == "trigger") make(object);
  }
}

std::optional<TrialSchema::Program> TrialSchema::view_program(const std::string& name) {
  return compile_whole(*scratch_, reading_statement(name));
}

std::optional<TrialSchema::Program> TrialSchema::event_program(const std::string& table, TriggerEvent event) {
  if (compile_error(*scratch_, reading_statement(table))) return std::nullopt;
  return compile_whole(*scratch_, firing_statement(*scratch_, table, event));
}

template <class Result>
Result TrialSchema::with_only(const StoredObject& trigger, Result (*look)(Connection&, const std::string&)) {
  for (const std::string& name : std::exchange(triggers_, {})) {
    run("DROP TRIGGER IF EXISTS " + sql::quote_identifier(name, sqlite_syntax));
  }
  make(trigger);
  return look(*scratch_, firing_statement(*scratch_, trigger.table, trigger_event(trigger.sql)));
}

std::optional<TrialSchema::Program> TrialSchema::program_alone(const StoredObject& trigger) {
  if (compile_error(*scratch_, reading_statement(trigger.table))) return std::nullopt;
  return with_only(trigger, compile_whole);
}

std::optional<std::string> TrialSchema::error_alone(const StoredObject& trigger) {
  scratch_->stand_in_for_unknown(nullptr);
  if (auto error = compile_error(*scratch_, reading_statement(trigger.table))) return error;
  return with_only(trigger, compile_error);
}

}  // namespace whimbrel::dialect::sqlite
