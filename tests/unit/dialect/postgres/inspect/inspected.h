#pragma once

#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/postgres/dialect.h"
#include "unit/dialect/postgres/open.h"

namespace whimbrel::test::postgres {

/// A database that a script made, and what is read from it.
struct Inspected {
  explicit Inspected(const std::string& script, const dialect::InspectScope& scope = {}) : connection(open_fresh()) {
    connection->run(script);
    schema = dialect::postgres::inspect(*connection, scope);
  }

  [[nodiscard]] const model::Table& table(const model::Name& name) const {
    const model::Table* const found = schema.find_table(name);
    REQUIRE_MESSAGE(found, name.name);
    return *found;
  }
  [[nodiscard]] const model::Column& column(const model::Name& table_name, const std::string& name) const {
    const model::Column* const found = table(table_name).find_column(name);
    REQUIRE_MESSAGE(found, name);
    return *found;
  }
  [[nodiscard]] const model::Object& object(const std::string& kind, const std::string& name) const {
    const auto found = std::find_if(schema.objects.begin(), schema.objects.end(), [&](const model::Object& object) {
      return object.kind == kind && object.name.name == name;
    });
    REQUIRE_MESSAGE(found != schema.objects.end(), name);
    return *found;
  }

  std::unique_ptr<dialect::Connection> connection;
  model::Schema schema;
};

inline const dialect::InspectScope everything{{}, true};

}  // namespace whimbrel::test::postgres
