#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "support/environment.h"
#include "support/postgres_server.h"
#include "support/version.h"
#include "unit/entity/options/row.h"
#include "unit/fixture/trial.h"
#include "whimbrel/postgres.h"

// Every row of docs/entities.md on a real database: made, changed and taken back by migrations.

using namespace whimbrel;
using fixture::Trial;
using option_rows::OptionRow;

namespace {

/// What is SQL in these rows, PostgreSQL does not know.
bool is_in_words_of_sqlite(const OptionRow& row) {
  static constexpr auto words =
      std::to_array<std::string_view>({"nchar(10)", "datetime('now')", "NOCASE", "\"spatial\""});
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return row.whimbrel.find(word) != std::string::npos; });
}

bool lacks_on_postgres(const OptionRow& row) {
  static constexpr auto options = std::to_array<std::string_view>(
      {".strict", ".without_rowid", ".engine", ".charset", ".on_update", ".parser", ".collation = \"utf8mb4_bin\"",
       "number * 2", ".nulls_not_distinct", "ascending<&Thing::text>({.length"});
  return std::any_of(options.begin(), options.end(),
                     [&](std::string_view option) { return row.whimbrel.find(option) != std::string::npos; });
}

/// Where columns are added only at the end, they come back in another order.
model::Schema without_order(model::Schema schema) {
  for (model::Table& table : schema.tables) {
    std::sort(table.columns.begin(), table.columns.end(),
              [](const model::Column& a, const model::Column& b) { return a.name < b.name; });
  }
  return schema;
}

void try_row(const OptionRow& row, const std::string& url = "") {
  Trial trial(row.naming, row.entity_prefix, url);
  const model::Schema start = trial.schema();
  trial.arrive_at(row.entities);
  const model::Schema made = trial.schema();
  if (row.changed.size > 0 && !trial.is_at(row.changed)) {
    trial.arrive_at(row.changed);
    trial.revert_last();
    CHECK((url.empty() ? trial.schema() == made : without_order(trial.schema()) == without_order(made)));
    CHECK(trial.is_at(row.entities));
  }
  trial.revert_last();
  CHECK(trial.schema() == start);
}

}  // namespace

TEST_CASE("what entities can say is made, found again, changed and taken back") {
  for (const option_rows::Section& section : option_rows::all_sections()) {
    for (const OptionRow& row : section.rows) {
      if (row.entities.size == 0 || row.is_refused) continue;
      if (row.whimbrel.find(".strict") != std::string::npos && !test::has_sqlite(37)) continue;
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

// WHIMBREL_ROW_STEP=5 takes every fifth row.
TEST_CASE("what entities can say is made, found again, changed and taken back on PostgreSQL") {
  const std::uint64_t step = test::number_from_environment("WHIMBREL_ROW_STEP", 1);
  std::uint64_t row_number = 0;
  // Each row leaves the database as it was.
  const std::string url = test::fresh_database();
  postgres::driver().open({.url = url})->run("CREATE EXTENSION btree_gist");
  for (const option_rows::Section& section : option_rows::all_sections()) {
    for (const OptionRow& row : section.rows) {
      if (row.entities.size == 0 || is_in_words_of_sqlite(row) || row_number++ % step != 0) continue;
      INFO(section.title << ": " << row.typeorm << ": " << row.whimbrel);
      try {
        try_row(row, url);
      } catch (const Error& error) {
        const std::string what = std::string(error.what()) + '\n' + error.statement();
        const bool is_lacking = error.kind() == ErrorKind::entity && lacks_on_postgres(row);
        CHECK_MESSAGE(is_lacking, what);
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
