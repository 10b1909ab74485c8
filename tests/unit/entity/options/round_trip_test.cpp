#include <doctest/doctest.h>

#include "unit/entity/options/row.h"
#include "unit/run/trial.h"

// Every row of docs/entities.md on a real database: made, changed and taken back by migrations.

using namespace whimbrel;
using fixture::Trial;
using option_rows::OptionRow;

namespace {

void try_row(const OptionRow& row) {
  Trial trial(row.naming, row.entity_prefix);
  const model::Schema start = trial.schema();
  trial.arrive_at(row.entities);
  const model::Schema made = trial.schema();
  if (row.changed.size > 0 && !trial.is_at(row.changed)) {
    trial.arrive_at(row.changed);
    trial.revert_last();
    CHECK(trial.schema() == made);
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
