#include "dialect/postgres/row_copy.h"

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "dialect/postgres/without_triggers.h"
#include "dialect/row_copy.h"
#include "dialect/samples.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

std::string text_of(Connection& connection, const char* query) {
  const Value value = connection.run(query).values.at(0).at(0);
  return value.is_null() ? std::string() : value.text();
}

class PostgresRowCopy final : public RowCopy {
 public:
  PostgresRowCopy(Connection& connection, Connection& scratch, const std::vector<SampledTable>& tables,
                  std::size_t most)
      : RowCopy(postgres_syntax, tables, most),
        scratch_(scratch),
        schema_(text_of(connection, "SELECT current_schema()")) {}

 private:
  std::size_t limit_for(const model::Table& table) const override {
    sql::Writer writer(postgres_syntax);
    writer.raw("SELECT sum(0");
    for (const model::Column& column : table.columns) {
      writer.raw(" + coalesce(pg_column_size(").identifier(column.name).raw("), 0)");
    }
    writer.raw(")::bigint / greatest(count(*), 1) FROM (SELECT * FROM ").raw(name_of_original(table.name));
    const std::string query = writer.raw(" LIMIT " + std::to_string(most()) + ") AS o").take();
    return rows_within_limit(scratch_.run(query).values.at(0).at(0), most());
  }

  bool is_in_copy(const model::Name&) const override { return true; }
  std::string name_in_copy(const model::Name& name) const override { return quote(name); }
  std::string name_of_original(const model::Name& name) const override {
    return quote({name.schema.empty() ? schema_ : name.schema, name.name});
  }
  // An enum of the copy is a different type from the original.
  std::string value_for_copy(const model::Column& column, const std::string& value) const override {
    return value + "::text::" + to_string(column.type);
  }
  std::string comparable(const std::string& value) const override { return value + "::text"; }

  std::size_t insert(const std::string& target, const std::string& select) const override {
    const std::string sql = "WITH made AS (INSERT INTO " + target + " OVERRIDING SYSTEM VALUE " + select +
                            " RETURNING 1) SELECT count(*) FROM made";
    return static_cast<std::size_t>(scratch_.run(sql).values.at(0).at(0).integer());
  }

  Connection& scratch_;
  std::string schema_;
};

}  // namespace

std::vector<std::string> copy_rows(Connection& connection, Connection& scratch, const std::vector<SampledTable>& tables,
                                   std::size_t most) {
  constexpr const char* database = "SELECT current_database()";
  if (text_of(connection, database) != text_of(scratch, database)) {
    return {"rows of the database (the scratch copy is a separate database)"};
  }
  PostgresRowCopy copy(connection, scratch, tables, most);
  // Reading rows that a policy hides from the role is then an error, instead of omitting them.
  const std::string security = text_of(scratch, "SELECT current_setting('row_security')");
  scratch.run("SET LOCAL row_security = off");
  std::vector<std::string> problems;
  without_triggers(scratch, [&] { problems = copy.run(); });
  scratch.run("SET LOCAL row_security = " + security);
  return problems;
}

}  // namespace whimbrel::dialect::postgres
