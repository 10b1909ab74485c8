#include "dialect/sqlite/guard/command.h"

#include <utility>

#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/token_reader.h"

namespace whimbrel::dialect::sqlite {

namespace {

class Reader : public sql::TokenReader {
 public:
  explicit Reader(std::string_view statement) : TokenReader(statement, sqlite_syntax) {}

  /// Moves past the text if it is next, in any quotes.
  bool accept_quoted(std::string_view text) {
    if (left() == 0) return false;
    const sql::Token& token = rest().front();
    const bool is_quoted = token.kind == sql::TokenKind::string || token.kind == sql::TokenKind::quoted_identifier;
    if (!is_quoted || token.value() != text) return false;
    skip();
    return true;
  }
  /// Reads `name` or `schema.name`; returns the name.
  std::string name() {
    std::string result = value();
    if (accept(".")) result = value();
    return result;
  }

 private:
  std::string value() {
    std::string result = left() > 0 ? rest().front().value() : std::string();
    skip();
    return result;
  }
};

void accept_if_exists(Reader& reader) {
  if (!reader.accept("IF")) return;
  reader.accept("NOT");
  reader.accept("EXISTS");
}

/// Reads the kind and the name of an index, a trigger or a view.
void read_definition(Reader& reader, Command& command) {
  const bool is_index = reader.accept("INDEX");
  const bool is_view = reader.accept("VIEW");
  reader.accept("TRIGGER");
  accept_if_exists(reader);
  const std::string name = reader.name();
  if (!is_view) command.dependent = name;
  if (!is_index) command.definition = name;
}

Command read_create(Reader& reader) {
  const bool temporary = reader.accept("TEMP") || reader.accept("TEMPORARY");
  if (reader.accept("TABLE")) {
    accept_if_exists(reader);
    Command command{.kind = temporary ? Command::Kind::other : Command::Kind::create_table, .table = reader.name()};
    command.may_break_keys = !temporary && reader.is("AS");
    return command;
  }
  reader.accept("UNIQUE");
  const bool may_be_broken = reader.is_any({"TRIGGER", "VIEW", "VIRTUAL"});
  Command command{.may_break_names = may_be_broken};
  if (!reader.is_any({"INDEX", "TRIGGER", "VIEW"})) return command;
  read_definition(reader, command);
  if (!command.dependent.empty()) command.kind = Command::Kind::create_dependent;
  return command;
}

Command read_drop(Reader& reader) {
  Command command{.may_break_names = true};
  if (reader.is_any({"INDEX", "TRIGGER", "VIEW"})) {
    read_definition(reader, command);
    command.drops_definition = !command.definition.empty();
    return command;
  }
  if (!reader.accept("TABLE")) return command;
  accept_if_exists(reader);
  command.kind = Command::Kind::drop_table;
  command.table = reader.name();
  command.may_break_keys = true;
  return command;
}

Command read_alter(Reader& reader) {
  Command command{.alters_table = true, .may_break_names = true};
  reader.accept("TABLE");
  command.table = reader.name();
  if (reader.accept("RENAME")) {
    command.reuses_name = !reader.accept("TO");
    if (command.reuses_name) {
      reader.accept("COLUMN");
      command.column = reader.name();
      reader.accept("TO");
      command.new_name = reader.name();
      return command;
    }
    command.kind = Command::Kind::rename_table;
    command.new_name = reader.name();
    return command;
  }
  const bool drops_column = reader.is("DROP") && !reader.has("CONSTRAINT");
  const bool adds_column = reader.is("ADD") && !reader.has("REFERENCES");
  command.may_break_keys = !drops_column && !adds_column;
  const bool adds = reader.accept("ADD");
  reader.accept("COLUMN");
  command.reuses_name = !adds || is_row_number_name(reader.name());
  return command;
}

Command read_rollback(Reader& reader) {
  reader.accept("TRANSACTION");
  return {.kind = reader.is("TO") ? Command::Kind::other : Command::Kind::rollback,
          .reach = Command::Reach::stands_alone};
}

/// legacy_alter_table works anywhere; other pragmas are set outside of transactions only.
Command read_pragma(Reader& reader) {
  reader.accept("PRAGMA");
  const std::string pragma = reader.name();
  const bool is_renaming = sql::equal_ignoring_case(pragma, "legacy_alter_table");
  const bool has_value = reader.accept("=") || reader.accept("(");
  return {.kind = Command::Kind::pragma,
          .reach = is_renaming ? Command::Reach::reads : Command::Reach::stands_alone,
          .ends_journal = has_value && sql::equal_ignoring_case(pragma, "journal_mode") &&
                          sql::equal_ignoring_case(reader.name(), "off")};
}

Command read_attach(Reader& reader) {
  reader.accept("DATABASE");
  const bool is_private = reader.accept_quoted(":memory:") || reader.accept_quoted("");
  return {.kind = Command::Kind::attach,
          .reach = Command::Reach::stands_alone,
          .is_private = is_private && reader.is("AS")};
}

}  // namespace

Command read_command(std::string_view statement) {
  Reader reader(statement);
  if (reader.accept("CREATE")) return read_create(reader);
  if (reader.accept("DROP")) return read_drop(reader);
  if (reader.accept("ALTER")) return read_alter(reader);
  if (reader.accept("ROLLBACK")) return read_rollback(reader);
  constexpr auto alone = Command::Reach::stands_alone;
  if (reader.is("BEGIN")) return {.kind = Command::Kind::begin, .reach = alone};
  if (reader.is_any({"COMMIT", "END"})) return {.kind = Command::Kind::commit, .reach = alone};
  if (reader.accept("ATTACH")) return read_attach(reader);
  if (reader.is("PRAGMA")) return read_pragma(reader);
  if (reader.is_any({"SELECT", "VALUES", "EXPLAIN"})) return {.reach = Command::Reach::reads};
  if (reader.is_any({"SAVEPOINT", "RELEASE", "VACUUM", "DETACH"})) return {.reach = alone};
  if (reader.is_any({"ANALYZE", "REINDEX"})) return {};
  if (reader.is("INSERT")) return {.only_adds_rows = true, .may_break_keys = true};
  if (reader.is_any({"REPLACE", "UPDATE", "DELETE"})) return {.may_break_keys = true};
  const bool only_reads = reader.is("WITH") && !reader.has("INSERT") && !reader.has("REPLACE") &&
                          !reader.has("UPDATE") && !reader.has("DELETE");
  if (only_reads) return {.reach = Command::Reach::reads};
  return {.may_break_keys = true, .may_break_names = !reader.is("WITH")};
}

namespace {

enum class TriggerTime { before, after, instead };

// https://www.sqlite.org/lang_createtrigger.html
std::pair<TriggerTime, TriggerEvent> firing(std::string_view create_trigger) {
  Reader reader(create_trigger);
  reader.accept("CREATE");
  if (!reader.accept("TEMP")) reader.accept("TEMPORARY");
  reader.accept("TRIGGER");
  accept_if_exists(reader);
  static_cast<void>(reader.name());
  TriggerTime time = TriggerTime::before;  // Also without a word.
  if (reader.accept("INSTEAD")) {
    reader.accept("OF");
    time = TriggerTime::instead;
  } else if (!reader.accept("BEFORE") && reader.accept("AFTER")) {
    time = TriggerTime::after;
  }
  if (reader.is("INSERT")) return {time, TriggerEvent::insert};
  return {time, reader.is("DELETE") ? TriggerEvent::remove : TriggerEvent::update};
}

}  // namespace

TriggerEvent trigger_event(std::string_view create_trigger) { return firing(create_trigger).second; }

bool fire_together(std::string_view create_trigger, std::string_view other) {
  return firing(create_trigger) == firing(other);
}

// The keyword cannot occur elsewhere: SQLite does not accept it as an unquoted name.
bool has_autoincrement(std::string_view create_table) { return Reader(create_table).has("AUTOINCREMENT"); }

}  // namespace whimbrel::dialect::sqlite
