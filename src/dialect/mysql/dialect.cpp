#include "dialect/mysql/dialect.h"

#include "dialect/mysql/compare/definers.h"
#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/guard/shell_script.h"
#include "dialect/mysql/rewrite/notes.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/statement_text.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/characters.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

class MysqlDialect final : public Dialect {
 public:
  explicit MysqlDialect(const ServerFacts& facts) : server_(read_server(facts)) {}

  std::string_view name() const override { return "mysql"; }
  bool has_transactional_ddl() const override { return false; }
  std::vector<std::string_view> split_statements(std::string_view sql) const override {
    return mysql::split_statements(sql);
  }
  StatementEffect effect(std::string_view statement) const override { return mysql::effect(statement); }
  std::map<std::string, std::string> transactional_options() const override {
    return table_options({.engine = "InnoDB"});
  }
  std::string catalog_state(Connection& connection, std::string_view statement) const override {
    return mysql::catalog_state(connection, server_, statement);
  }
  bool tells_completion(Connection& connection, std::string_view statement) const override {
    return mysql::tells_completion(connection, server_, statement);
  }
  std::string_view begin() const override { return "START TRANSACTION"; }
  const sql::Syntax& syntax() const override { return mysql_syntax; }
  std::string lasting_type(const model::Type& type) const override {
    return model::to_string(read_type(model::to_string(type)).value_or(type));
  }
  bool rewrites_columns() const override { return true; }
  // Each server deparses expressions and definitions in its own way.
  std::string lasting_sql(std::string_view) const override { return {}; }

  ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to) const override {
    return mysql::conversion_risk(from, to);
  }
  std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations) const override {
    return mysql::generate(operations, server_);
  }
  model::Schema inspect(Connection& connection, const InspectScope& scope) const override {
    return mysql::inspect(connection, server_, scope);
  }
  std::vector<std::string> unsupported_objects(Connection& connection, const InspectScope& scope) const override {
    return mysql::unsupported_objects(connection, server_, scope);
  }
  void take_owners(model::Schema& schema, const model::Schema& other) const override { take_definers(schema, other); }
  std::vector<std::string> notes_on_settings(const ServerFacts& from, const ServerFacts& to,
                                             const model::Schema& schema) const override {
    return notes_on_defaults(from, to, schema);
  }
  std::string default_schema(Connection& connection) const override {
    const Value schema = connection.run("SELECT DATABASE()").values.at(0).at(0);
    return schema.is_null() ? "" : schema.text();
  }
  std::unique_ptr<diff::Comparison> comparison(Connection& connection) const override {
    return make_comparison(*this, connection, server_);
  }
  std::unique_ptr<plan::Rewriter> rewriter(Connection& connection) const override {
    return make_rewriter(server_, &connection);
  }
  std::unique_ptr<SafetyGuard> guard(Connection& connection) const override { return make_guard(connection, server_); }

  bool begin_excludes_others() const override { return false; }
  bool try_lock(Connection& connection) const override { return mysql::try_lock(connection, server_); }
  void unlock(Connection& connection) const override { mysql::unlock(connection, server_); }
  std::string lock_holder(Connection& connection) const override { return mysql::lock_holder(connection, server_); }

  std::unique_ptr<Connection> open_scratch(Connection& connection, std::size_t) const override {
    return mysql::open_scratch(connection);
  }
  std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope& scope, CopyUse use,
                                          std::vector<std::string>& left_out) const override {
    return mysql::copy_schema(connection, server_, scope, use, left_out);
  }
  bool is_denied(const Error& error) const override { return error_code::is_denied(error); }
  void load_script(Connection& scratch, std::string_view script, ScriptContent) const override {
    mysql::load_script(scratch, script);
  }
  sql::ShellScript as_script(std::vector<sql::Statement> statements) const override {
    return mysql::as_script(std::move(statements), server_);
  }
  sql::ShellScript as_listing(std::vector<sql::Statement> statements) const override {
    return mysql::as_listing(std::move(statements));
  }
  std::vector<std::string> broken_objects(Connection& connection) const override {
    return mysql::broken_objects(connection);
  }
  const Samples& samples() const override { return mysql::samples(); }
  // An error undoes only its own statement, so a transaction remains usable.
  std::optional<Rows::Data> query_if_there(Connection& connection, const std::string& select) const override {
    try {
      return connection.run(select);
    } catch (const Error& error) {
      if (!error_code::is_missing_table(error)) throw;
      return std::nullopt;
    }
  }

  model::Type column_type(const model::ColumnRequest& request) const override {
    return mysql::column_type(request, server_);
  }
  // Enums have no names: their values belong to the column.
  model::Type enum_type(const model::Name&) const override { return {"enum", {}}; }
  std::string default_literal(const model::Literal& literal, model::ValueKind kind) const override {
    return mysql::default_literal(literal, kind, server_);
  }
  model::ValueKind value_kind(const model::Type& type) const override { return mysql::value_kind(type); }
  std::vector<std::string> current_timestamps(const model::Type& type) const override {
    return mysql::current_timestamps(type, server_);
  }
  bool is_derived_name(std::string_view name, const model::NamedPart& part) const override {
    return mysql::is_derived_name(name, part);
  }
  bool has_unique_indexes_only() const override { return true; }
  bool has_indexes_named_by_table() const override { return true; }
  // UUID() tells its time and server, and MySQL does not add a column with such a default to a replicated table.
  std::optional<std::string> random_uuid() const override { return std::nullopt; }
  // https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html
  std::string fold(model::NameKind kind, std::string_view identifier) const override {
    switch (kind) {
      case model::NameKind::schema:
      case model::NameKind::table:
        return server_.ignores_case_of_tables ? sql::to_lower(identifier) : std::string(identifier);
      case model::NameKind::trigger:
        return server_.ignores_case_of_tables || !server_.is_mariadb ? sql::to_lower(identifier)
                                                                     : std::string(identifier);
      case model::NameKind::column:
      case model::NameKind::index:
      case model::NameKind::constraint:
      case model::NameKind::type:
      case model::NameKind::collation:
      case model::NameKind::object:
        break;
    }
    return sql::to_lower(identifier);
  }
  // https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html
  model::NameLimit identifier_limit() const override { return name_limit; }
  std::map<std::string, std::string> table_options(const model::TableRequest& request) const override {
    return mysql::table_options(request, server_);
  }
  void normalise_index(model::Index& index) const override {
    for (char& c : index.method) c = sql::to_upper(c);
    if (index.method == "BTREE") index.method.clear();
  }
  std::string create_view(const model::ViewRequest& view) const override {
    sql::Writer writer(mysql_syntax);
    writer.raw("CREATE VIEW ").identifier(view.name.name);
    if (!view.columns.empty()) writer.raw(" (").raw(view.columns).raw(")");
    return writer.raw(" AS ").raw(view.query).take();
  }
  std::string_view title() const override { return server_.is_mariadb ? "MariaDB" : "MySQL"; }
  int version() const override { return server_.version; }
  std::optional<int> since(model::Feature feature) const override { return mysql::since(feature, server_); }

 private:
  Server server_;
};

}  // namespace

Server read_server(const ServerFacts& facts) {
  const auto setting = facts.settings.find("lower_case_table_names");
  return {.is_mariadb = facts.flavour != "mysql",
          .is_assumed = facts.flavour.empty(),
          .version = facts.version,
          .ignores_case_of_tables = setting != facts.settings.end() && setting->second != "0",
          .is_in_cluster = facts.settings.contains("galera")};
}

std::unique_ptr<const Dialect> make_dialect(const ServerFacts& server) {
  return std::make_unique<MysqlDialect>(server);
}

}  // namespace whimbrel::dialect::mysql
