#include "dialect/postgres/dialect.h"

#include "dialect/postgres/default_schema.h"
#include "dialect/postgres/generate/conversion.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/guard/guard.h"
#include "dialect/postgres/guard/run_lock.h"
#include "dialect/postgres/guard/shell_script.h"
#include "dialect/postgres/samples.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

class PostgresDialect final : public Dialect {
 public:
  explicit PostgresDialect(const ServerFacts& server) : version_(server.version) {}

  std::string_view name() const override { return "postgres"; }
  bool has_transactional_ddl() const override { return true; }
  std::string_view begin() const override { return "BEGIN"; }
  const sql::Syntax& syntax() const override { return postgres_syntax; }
  std::string lasting_type(const model::Type& type) const override {
    return model::to_string(read_type(model::to_string(type)).value_or(type));
  }
  // Each version of the server deparses expressions and definitions differently.
  std::string lasting_sql(std::string_view) const override { return {}; }

  ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to) const override {
    return postgres::conversion_risk(from, to);
  }
  std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations) const override {
    return postgres::generate(operations);
  }
  std::vector<sql::Statement> generate_whole(const std::vector<operation::Operation>& operations) const override {
    return postgres::generate(operations, TargetDatabase::known);
  }
  model::Schema inspect(Connection& connection, const InspectScope& scope) const override {
    return postgres::inspect(connection, scope);
  }
  OwnedSchema inspect_owned(Connection& connection, const InspectScope& scope) const override {
    return postgres::inspect_owned(connection, scope);
  }
  PrivilegeChange change_privileges(const model::Privileges& from, const model::Privileges& to,
                                    const std::vector<operation::Operation>& operations) const override {
    return postgres::change_privileges(from, to, operations);
  }
  std::vector<std::string> unsupported_objects(Connection& connection, const InspectScope& scope) const override {
    return postgres::unsupported_objects(connection, scope);
  }
  std::string default_schema(Connection& connection) const override {
    const Value schema = connection.run("SELECT current_schema()").values.at(0).at(0);
    return schema.is_null() ? "public" : schema.text();
  }
  std::string way_to_same_default_schema(const std::string& first, const std::string& second) const override {
    return postgres::way_to_same_default_schema(first, second);
  }
  std::string default_schema_line(Connection& connection) const override {
    return postgres::default_schema_line(connection);
  }
  bool take_default_schema(Connection& scratch, Connection& original) const override {
    return postgres::take_default_schema(scratch, original);
  }
  std::unique_ptr<diff::Comparison> comparison(Connection& connection) const override {
    return make_comparison(*this, connection);
  }
  std::unique_ptr<plan::Rewriter> rewriter(Connection&) const override { return make_rewriter(); }
  std::unique_ptr<SafetyGuard> guard(Connection& connection) const override { return make_guard(connection); }

  bool begin_excludes_others() const override { return false; }
  bool try_lock(Connection& connection) const override { return postgres::try_lock(connection); }
  void unlock(Connection& connection) const override { postgres::unlock(connection); }
  std::string lock_holder(Connection& connection) const override { return postgres::lock_holder(connection); }

  std::unique_ptr<Connection> open_scratch(Connection& connection, std::size_t statements) const override {
    return postgres::open_scratch(connection, statements);
  }
  std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope& scope, CopyUse use,
                                          std::vector<std::string>& left_out) const override {
    return postgres::copy_schema(connection, scope, use, left_out);
  }
  bool is_denied(const Error& error) const override { return has_sqlstate(error, "42501"); }
  bool is_confined(Connection& scratch) const override { return postgres::is_confined(scratch); }
  void load_script(Connection& scratch, std::string_view script, ScriptContent content) const override {
    postgres::load_script(scratch, script, content);
  }
  sql::ShellScript as_script(std::vector<sql::Statement> statements) const override {
    return postgres::as_script(std::move(statements));
  }
  // The server does not drop used objects, so none can be broken.
  std::vector<std::string> broken_objects(Connection&) const override { return {}; }
  const Samples& samples() const override { return postgres::samples(); }
  std::optional<Rows::Data> query_if_there(Connection& connection, const std::string& select) const override {
    const bool in_transaction = connection.is_transaction_active();
    if (in_transaction) connection.run("SAVEPOINT whimbrel_query");
    try {
      Rows::Data rows = connection.run(select);
      if (in_transaction) connection.run("RELEASE SAVEPOINT whimbrel_query");
      return rows;
    } catch (const Error& error) {
      if (!has_sqlstate(error, "42P01")) throw;
      if (in_transaction) connection.run("ROLLBACK TO SAVEPOINT whimbrel_query; RELEASE SAVEPOINT whimbrel_query");
      return std::nullopt;
    }
  }

  model::Type column_type(const model::ColumnRequest& request) const override { return postgres::column_type(request); }
  model::Type enum_type(const model::Name& name) const override { return postgres::enum_type(name); }
  std::string default_literal(const model::Literal& literal, model::ValueKind kind) const override {
    return postgres::default_literal(literal, kind);
  }
  model::ValueKind value_kind(const model::Type& type) const override { return postgres::value_kind(type); }
  std::vector<std::string> current_timestamps(const model::Type& type) const override {
    return postgres::current_timestamps(type);
  }
  bool is_derived_name(std::string_view name, const model::NamedPart& part) const override {
    return postgres::is_derived_name(name, part);
  }
  std::optional<std::string> random_uuid() const override { return "gen_random_uuid()"; }
  std::string fold(model::NameKind, std::string_view identifier) const override { return std::string(identifier); }
  // https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
  model::NameLimit identifier_limit() const override { return name_limit; }
  std::map<std::string, std::string> table_options(const model::TableRequest& request) const override {
    return postgres::table_options(request);
  }
  // https://www.postgresql.org/docs/current/sql-createindex.html
  void normalise_index(model::Index& index) const override {
    index.method = sql::to_lower(index.method);
    if (index.method == "btree") index.method.clear();
    for (model::KeyPart& part : index.columns) {
      const auto usual = part.descending ? model::NullOrder::first : model::NullOrder::last;
      if (part.nulls == usual) part.nulls = model::NullOrder::by_default;
    }
  }
  std::string create_view(const model::ViewRequest& view) const override {
    return postgres::create_view(view.name, view.query, view.materialized);
  }
  std::string_view title() const override { return "PostgreSQL"; }
  int version() const override { return version_; }
  std::optional<int> since(model::Feature feature) const override { return postgres::since(feature); }

 private:
  int version_;
};

}  // namespace

std::unique_ptr<const Dialect> make_dialect(const ServerFacts& server) {
  return std::make_unique<PostgresDialect>(server);
}

}  // namespace whimbrel::dialect::postgres
