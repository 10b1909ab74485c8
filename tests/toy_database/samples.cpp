#include "sql/writer.h"
#include "toy_database/dialect.h"

namespace whimbrel::toy {

namespace {

/// The toy database answers no question about values, so that a migration is tried with rows, and what becomes of their
/// values is not looked at.
class ToySamples final : public dialect::Samples {
 public:
  std::optional<std::string> use_error(dialect::Connection&, const model::Table&) const override { return {}; }
  bool has_what_lacks(dialect::Connection&, const std::string&) const override { return false; }
  std::optional<std::size_t> changed_values(dialect::Connection&, const model::Name&, const std::string&,
                                            const dialect::StoredAs&, const dialect::StoredAs&) const override {
    return std::nullopt;
  }

  std::vector<std::string> copy_rows(dialect::Connection& connection, dialect::Connection& scratch,
                                     const std::vector<dialect::SampledTable>& tables,
                                     std::size_t most) const override {
    for (const dialect::SampledTable& sampled : tables) {
      const std::string name = sql::quote_identifier(sampled.table->name.name, syntax());
      const Rows::Data rows = connection.run("SELECT * FROM " + name + " LIMIT " + std::to_string(most));
      sql::Writer insert(syntax());
      insert.raw("INSERT INTO " + name + " (").identifiers(rows.columns).raw(") VALUES (");
      insert.list(rows.columns, [&](const std::string&) { insert.raw("?"); });
      insert.raw(")");
      for (const std::vector<Value>& row : rows.values) scratch.run(insert.text(), row);
    }
    return {};
  }
  bool has_reaching_triggers(dialect::Connection&) const override { return false; }
  void without_triggers(dialect::Connection&, const std::function<void()>& function) const override { function(); }
  void check_at_once(dialect::Connection&) const override {}

  std::vector<std::string> edge_values(const model::Column& column) const override {
    if (column.type.name == "text") return {"'a'", "''"};
    if (column.type.name == "real") return {"1.5", "-1.5"};
    return {"1", "0", "-9223372036854775807"};
  }
  std::optional<std::string> nth_value(const model::Column& column, std::size_t n) const override {
    return column.type.name == "text" ? '\'' + std::to_string(n) + '\'' : std::to_string(n);
  }
  std::optional<std::string> row_id(const model::Table&) const override { return std::nullopt; }
  std::string kept(const std::string& value) const override { return value; }
  std::string differs(const std::string& kept, const std::string& value) const override {
    return value + " <> " + kept;
  }
  std::string equals(const std::string& kept, const std::string& value) const override { return value + " = " + kept; }
  std::string shown(const std::string& kept, const model::Type&) const override { return kept; }
};

}  // namespace

const dialect::Samples& samples() {
  static const ToySamples instance;
  return instance;
}

}  // namespace whimbrel::toy
