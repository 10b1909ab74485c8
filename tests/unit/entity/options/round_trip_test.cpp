#include <doctest/doctest.h>
#include <sqlite3.h>

#include "run/executor.h"
#include "run/generate.h"
#include "unit/entity/options/row.h"
#include "unit/run/fixture.h"

// Every row of docs/entities.md on a real database: made, changed and taken back by migrations.

using namespace whimbrel;
using option_rows::OptionRow;
using run::Generated;
using run::Session;

namespace {

/// A database in memory and the migrations that were generated for it.
class Trial {
 public:
  explicit Trial(const OptionRow& row) : row_(row) {
    REQUIRE(sqlite3_open(":memory:", &handle_) == SQLITE_OK);
    start_ = schema();
  }
  ~Trial() { sqlite3_close(handle_); }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// Generates a migration that leads to the entities, runs it, and looks that nothing is left to do.
  void arrive_at(const Entities& entities) {
    const Generated generated = look(entities);
    REQUIRE_MESSAGE(!generated.empty(), "there is nothing to do");
    scripts_.push_back({"Step" + std::to_string(1000000000000 + scripts_.size()),
                        fixture::statements(texts(generated.script.up)),
                        fixture::statements(texts(generated.script.down))});
    const fixture::Program program(scripts_);
    Session session(options(entities, program.list()));
    static_cast<void>(run::run_migrations(session));
    for (const operation::Operation& operation : run::generate(session).operations) {
      const std::string left = operation::describe(operation);
      FAIL_CHECK(left);
    }
  }

  /// Is there nothing to do?
  bool is_at(const Entities& entities) { return look(entities).empty(); }

  void revert_last() {
    const fixture::Program program(scripts_);
    Session session(options({}, program.list()));
    static_cast<void>(run::revert_migrations(session));
    scripts_.pop_back();
  }

  model::Schema schema() {
    const fixture::Program program({});
    Session session(options({}, program.list()));
    model::Schema schema = session.dialect().inspect(session.connection());
    std::erase_if(schema.tables, [](const model::Table& table) { return table.name == model::Name("migrations"); });
    return model::canonical(schema);
  }

  bool is_at_start() { return schema() == start_; }

 private:
  Generated look(const Entities& entities) {
    const fixture::Program program(scripts_);
    Session session(options(entities, program.list()));
    Generated generated = run::generate(session);
    CHECK(run::verify(session, generated).empty());
    return generated;
  }

  [[nodiscard]] DataSourceOptions options(const Entities& entities, MigrationList migrations) const {
    DataSourceOptions options;
    options.entities = entities;
    options.migrations = migrations;
    options.entity_prefix = row_.entity_prefix;
    options.naming = row_.naming;
    options.sqlite_connection = handle_;
    return options;
  }

  static std::vector<std::string> texts(const std::vector<sql::Statement>& script) {
    std::vector<std::string> result;
    for (const sql::Statement& statement : script) result.push_back(statement.sql);
    return result;
  }

  const OptionRow& row_;
  sqlite3* handle_ = nullptr;
  std::vector<fixture::Script> scripts_;
  model::Schema start_;
};

void try_row(const OptionRow& row) {
  Trial trial(row);
  trial.arrive_at(row.entities);
  const model::Schema made = trial.schema();
  if (row.changed.size > 0 && !trial.is_at(row.changed)) {
    trial.arrive_at(row.changed);
    trial.revert_last();
    CHECK(trial.schema() == made);
    CHECK(trial.is_at(row.entities));
  }
  trial.revert_last();
  CHECK(trial.is_at_start());
}

}  // namespace

TEST_CASE("what entities can say is made, found again, changed and taken back") {
  for (const option_rows::Section& section : option_rows::all_sections()) {
    for (const OptionRow& row : section.rows) {
      if (row.entities.size == 0 || row.is_refused) continue;
      INFO(section.title << ": " << row.typeorm << ": " << row.whimbrel);
      try {
        try_row(row);
      } catch (const Error& error) {
        const std::string what = std::string(error.what()) + '\n' + error.statement();
        FAIL_CHECK(what);
      }
    }
  }
}

TEST_CASE("what SQLite cannot do is an error that names the entity, the feature and the database") {
  for (const option_rows::Section& section : option_rows::all_sections()) {
    for (const OptionRow& row : section.rows) {
      if (!row.is_refused) continue;
      INFO(section.title << ": " << row.typeorm << ": " << row.whimbrel);
      const std::string refusal = option_rows::refusal(row);
      CHECK(refusal.find("entity \"") == 0);
      CHECK(refusal.find("SQLite") != std::string::npos);
    }
  }
}
