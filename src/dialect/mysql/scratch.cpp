#include <algorithm>
#include <array>
#include <set>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/inspect/lost_characters.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

/// The engines whose tables consist only of their own rows. Those of others are in another server, in files, or in
/// other tables.
bool is_own_engine(const std::string& engine) {
  constexpr auto engines = std::to_array<std::string_view>(
      {"INNODB", "MYISAM", "ARIA", "MEMORY", "ARCHIVE", "CSV", "BLACKHOLE", "ROCKSDB", "COLUMNSTORE", "NDBCLUSTER"});
  return std::any_of(engines.begin(), engines.end(),
                     [&](std::string_view own) { return sql::equal_ignoring_case(engine, own); });
}

/// Returns the statement of SHOW CREATE TABLE without foreign keys for which `is_wanted(schema, table)` is false. Each
/// item has its line.
template <class Predicate>
std::string without_foreign_keys(const std::string& shown, Predicate is_wanted) {
  std::vector<std::string> items;
  const std::size_t begin = shown.find('\n');
  const std::size_t end = shown.find("\n)");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return shown;
  bool is_changed = false;
  for (std::size_t at = begin + 1; at <= end;) {
    const std::size_t line_end = std::min(shown.find('\n', at), end);
    std::string line = shown.substr(at, line_end - at);
    at = line_end + 1;
    if (line.ends_with(',')) line.pop_back();
    const std::vector<sql::Token> tokens = sql::tokenize(line, mysql_syntax);
    bool is_kept = true;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      if (!tokens[0].is("CONSTRAINT") || !tokens[i].is("REFERENCES")) continue;
      const bool is_qualified = i + 3 < tokens.size() && tokens[i + 2].is(".");
      const std::string schema = is_qualified ? tokens[i + 1].value() : "";
      is_kept = is_wanted(schema, tokens[i + (is_qualified ? 3 : 1)].value());
    }
    if (is_kept) items.push_back(std::move(line));
    is_changed |= !is_kept;
  }
  if (!is_changed) return shown;
  std::string result = shown.substr(0, begin + 1);
  for (std::size_t i = 0; i < items.size(); ++i) result += items[i] + (i + 1 < items.size() ? ",\n" : "");
  return result + shown.substr(end);
}

/// An event of the copy must not run.
std::string disabled(const std::string& event) {
  const std::vector<sql::Token> tokens = sql::tokenize(event, mysql_syntax);
  for (const sql::Token& token : tokens) {
    if (token.is("DO") || token.is("DISABLE")) break;
    if (token.is("ENABLE")) return event.substr(0, token.offset) + "DISABLE" + event.substr(token.end());
  }
  return event;
}

/// Creates the objects of another database in a scratch database.
class Copier {
 public:
  Copier(Connection& connection, Connection& scratch, const Server& server, const model::Schema& schema,
         std::vector<std::string>& left_out)
      : connection_(connection), scratch_(scratch), server_(server), schema_(schema), left_out_(left_out) {}

  void copy() {
    for (const model::Table& table : schema_.tables) tables_.insert(folded(table.name.name));
    copy_objects(false);
    for (const model::Table& table : schema_.tables) copy_table(table);
    copy_objects(true);
    for (const model::View& view : schema_.views) make("view", view.name.name, view.definition, view.session.value);
    for (const model::Table& table : schema_.tables) {
      for (const model::Trigger& trigger : table.triggers) {
        make("trigger", trigger.name, trigger.definition, trigger.session);
      }
    }
  }

 private:
  [[nodiscard]] std::string folded(const std::string& name) const {
    return server_.ignores_case_of_tables ? sql::to_lower(name) : name;
  }

  void copy_objects(bool after_tables) {
    for (const model::Object& object : schema_.objects) {
      if (object.after_tables != after_tables) continue;
      make(object.kind, object.name.name, object.kind == "event" ? disabled(object.definition) : object.definition,
           object.session);
    }
  }

  void copy_table(const model::Table& table) {
    const std::string& name = table.name.name;
    const auto engine = table.options.find("ENGINE");
    if (engine != table.options.end() && !is_own_engine(engine->second)) {
      left_out_.push_back("table \"" + name + "\" (its engine " + engine->second + " can reach outside the database)");
      return;
    }
    const std::string shown =
        with_literals(connection_.run("SHOW CREATE TABLE " + quote_name(name)).values.at(0).at(1).text(), table);
    make("table", name,
         without_foreign_keys(shown,
                              [&](const std::string& schema, const std::string& other) {
                                if (!schema.empty())
                                  left_out_.push_back("foreign key of table \"" + name + "\" to another database");
                                return schema.empty() && tables_.contains(folded(other));
                              }),
         {});
  }

  void make(const std::string& kind, const std::string& name, const std::string& definition,
            const std::string& session) {
    if (const std::string mode = unreadable_mode(session, definition); !mode.empty()) {
      left_out_.push_back(kind + " \"" + name + "\" (its SQL mode " + mode + ')');
      return;
    }
    try {
      if (!session.empty()) scratch_.run("SET " + session);
      scratch_.run(without_definer(definition));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement && error.kind() != ErrorKind::unsafe) throw;
      left_out_.push_back(kind + " \"" + name + "\" (" + reason(error, scratch_) + ')');
    }
    if (!session.empty()) scratch_.run("SET " + plain_session());
  }

  Connection& connection_;
  Connection& scratch_;
  const Server& server_;
  const model::Schema& schema_;
  std::vector<std::string>& left_out_;
  std::set<std::string> tables_;  ///< The names of the tables that are copied.
};

}  // namespace

std::unique_ptr<Connection> open_scratch(Connection& connection) {
  std::unique_ptr<Connection> scratch = connection.open_scratch();
  if (scratch != nullptr) return scratch;
  throw Error(ErrorKind::usage,
              "Cannot verify on the " + connection.description() + ": the user may not create a scratch database.")
      .with_remedy(
          "As an administrator, run: GRANT ALL ON `whimbrel\\_scratch\\_%`.* TO the user; or use another user. "
          "makemigrations and diff can do without: --no-verify.");
}

// The tables come from the server's own statements, so that the copy has all that they have.
std::unique_ptr<Connection> copy_schema(Connection& connection, const Server& server, const InspectScope& scope,
                                        CopyUse /*use*/, std::vector<std::string>& left_out) {
  InspectScope with_objects = scope;
  with_objects.objects = true;
  const model::Schema schema = mysql::inspect(connection, server, with_objects);
  std::unique_ptr<Connection> scratch = mysql::open_scratch(connection);
  // A table may come before the one that it references.
  scratch->run("SET foreign_key_checks = 0");
  Copier(connection, *scratch, server, schema, left_out).copy();
  scratch->run("SET foreign_key_checks = 1");
  return scratch;
}

}  // namespace whimbrel::dialect::mysql
