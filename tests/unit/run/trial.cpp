#include "unit/run/trial.h"

#include <sqlite3.h>

#include "run/executor.h"
#include "run/table_change.h"

namespace whimbrel::fixture {

Trial::Trial(const NamingStrategy* naming, std::string entity_prefix, std::string url)
    : naming_(naming), entity_prefix_(std::move(entity_prefix)), url_(std::move(url)) {
  if (url_.empty()) REQUIRE(sqlite3_open(":memory:", &handle_) == SQLITE_OK);
}

Trial::~Trial() { sqlite3_close(handle_); }

run::Generated Trial::look(const Entities& entities, const diff::Decisions& decisions) {
  const Program program(scripts_);
  run::Session session(options(entities, program));
  run::Generated generated = run::generate(session, decisions);
  const run::Verification proof = run::verify(session, generated);
  CHECK(proof.not_tried == "");
  for (const std::string& what : proof.left_out) {
    // A copy that is a database of its own has made rows only.
    if (!what.starts_with("rows of the database (")) CHECK(what == "");
  }
  return generated;
}

run::Generated Trial::arrive_at(const Entities& entities, const diff::Decisions& decisions) {
  run::Generated generated = look(entities, decisions);
  REQUIRE_MESSAGE(!generated.empty(), "there is nothing to do");
  scripts_.push_back({"Step" + std::to_string(1000000000000 + scripts_.size()), statements(texts(generated.script.up)),
                      statements(texts(generated.script.down))});
  {
    const Program program({});
    const run::Session session(options(entities, program));
    if (generated.parts.size() == 1) {
      scripts_.back().tables = run::to_text(run::table_changes(session.dialect(), generated).front());
    }
  }
  const Program program(scripts_);
  run::Session session(options(entities, program));
  static_cast<void>(run::run_migrations(session));
  for (const operation::Operation& operation : run::generate(session).operations) {
    const std::string left_to_do = operation::describe(operation);
    FAIL_CHECK(left_to_do);
  }
  require_expected(session, generated);
  return generated;
}

void Trial::revert_last() {
  const Program program(scripts_);
  run::Session session(options({}, program));
  static_cast<void>(run::revert_migrations(session));
  scripts_.pop_back();
}

model::Schema Trial::schema() {
  const Program program({});
  run::Session session(options({}, program));
  model::Schema schema = session.dialect().inspect(session.connection(), session.scope());
  std::erase_if(schema.tables, [](const model::Table& table) { return table.name == model::Name("migrations"); });
  return model::canonical(schema);
}

std::string Trial::query(const std::string& sql) {
  const Program program({});
  run::Session session(options({}, program));
  std::string text;
  for (const std::vector<Value>& row : session.connection().run(sql).values) {
    text += text.empty() ? "" : "\n";
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += (i > 0 ? "|" : "") + (row[i].is_null() ? "NULL" : row[i].text());
    }
  }
  return text;
}

DataSourceOptions Trial::options(const Entities& entities, const Program& program) const {
  DataSourceOptions options;
  options.entities = entities;
  options.migrations = program.list();
  options.entity_prefix = entity_prefix_;
  options.naming = naming_;
  options.url = url_;
  options.sqlite_connection = handle_;
  return options;
}

void Trial::require_expected(run::Session& session, const run::Generated& generated) const {
  const dialect::Dialect& dialect = session.dialect();
  const model::Schema found = dialect.inspect(session.connection(), session.scope());
  for (const model::Table& table : generated.target.tables) {
    const model::Table* const made = found.find_table(table.name);
    REQUIRE(made != nullptr);
    const std::vector<run::TableItem> expected = run::items_of(table, dialect);
    const std::vector<run::TableItem> items = run::items_of(*made, dialect);
    const run::ItemMatch match = run::match_items(expected, items, dialect);
    for (const auto& pair : match.changed) {
      const run::TableItem& changed = items[pair.second];
      CHECK_MESSAGE(false, table.name.name, ": ", changed.kind, ' ', changed.name);
    }
    for (const std::size_t i : match.only_first)
      CHECK_MESSAGE(false, table.name.name, " lacks ", expected[i].kind, ' ', expected[i].name);
    for (const std::size_t j : match.only_second)
      CHECK_MESSAGE(false, table.name.name, " has ", items[j].kind, ' ', items[j].name);
    CHECK(run::hash_of(expected, dialect) == run::hash_of(items, dialect));
  }
}

std::vector<std::string> texts(const std::vector<sql::Statement>& script) {
  std::vector<std::string> result;
  for (const sql::Statement& statement : script) result.push_back(statement.sql);
  return result;
}

}  // namespace whimbrel::fixture
