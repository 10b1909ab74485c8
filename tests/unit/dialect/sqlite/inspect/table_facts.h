#pragma once

#include <string>

#include "unit/dialect/sqlite/inspect/test_database.h"
#include "whimbrel/model.h"

namespace whimbrel::test {

/// What SQLite's pragmas say of a table, a line each.
[[nodiscard]] std::string table_facts(TestDatabase& database, const model::Table& table);

/// What they should say of a table that is as the model says.
[[nodiscard]] std::string expected_facts(const model::Table& table);

}  // namespace whimbrel::test
