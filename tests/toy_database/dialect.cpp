#include "toy_database/dialect.h"

#include <algorithm>

#include "sql/writer.h"
#include "toy_database/client/engine.h"
#include "whimbrel/error.h"

namespace whimbrel::toy {

namespace {

using dialect::Connection;
using dialect::ConversionRisk;
using dialect::CopyUse;
using dialect::InspectScope;
using dialect::StoredAs;
using model::ValueKind;

const char* type_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::int8:
    case ValueKind::int16:
    case ValueKind::int32:
    case ValueKind::int64:
    case ValueKind::uint8:
    case ValueKind::uint16:
    case ValueKind::uint32:
    case ValueKind::uint64:
    case ValueKind::boolean:
      return "integer";
    case ValueKind::float32:
    case ValueKind::float64:
      return "real";
    case ValueKind::text:
    case ValueKind::bytes:
    case ValueKind::date:
    case ValueKind::timestamp:
    case ValueKind::enumeration:
    case ValueKind::array:
    case ValueKind::json:
    case ValueKind::uuid:
      return "text";
  }
  return "text";
}

Error has_none(const std::string& what) { return Error(ErrorKind::entity, "the toy database has no " + what); }

class ToyDialect final : public dialect::Dialect {
 public:
  std::string_view name() const override { return "toy"; }
  std::string_view title() const override { return "The toy database"; }
  int version() const override { return 10000; }

  // What it can do.
  bool has_transactional_ddl() const override { return false; }
  std::optional<int> since(model::Feature) const override { return std::nullopt; }
  model::NameLimit identifier_limit() const override { return {}; }

  // How it is written.
  std::string_view begin() const override { return "BEGIN"; }
  dialect::StatementEffect effect(std::string_view statement) const override {
    const std::vector<sql::Token> tokens = sql::tokenize(statement, toy::syntax());
    const bool changes_schema =
        !tokens.empty() && (tokens[0].is("CREATE") || tokens[0].is("ALTER") || tokens[0].is("DROP"));
    return changes_schema ? dialect::StatementEffect::schema : dialect::StatementEffect::rows;
  }
  std::string catalog_state(Connection& connection, std::string_view) const override {
    std::string text;
    for (const std::vector<Value>& row : connection.run("SHOW COLUMNS").values) {
      for (const Value& value : row) text += (value.is_null() ? "" : value.text()) + '|';
    }
    return text;
  }
  const sql::Syntax& syntax() const override { return toy::syntax(); }
  std::string fold(model::NameKind, std::string_view identifier) const override { return std::string(identifier); }
  std::string lasting_type(const model::Type& type) const override { return model::to_string(type); }
  std::string lasting_sql(std::string_view sql) const override { return std::string(sql); }

  // Types and values.
  model::Type column_type(const model::ColumnRequest& request) const override {
    if (request.type.empty()) return {type_of(request.kind), {}};
    for (const char* const type : {"integer", "bigint", "real", "text"}) {
      if (request.type == type) return {type, {}};
    }
    throw has_none("type \"" + request.type + '"');
  }
  model::Type enum_type(const model::Name&) const override { return {"text", {}}; }
  ValueKind value_kind(const model::Type& type) const override {
    if (type.name == "text") return ValueKind::text;
    return type.name == "real" ? ValueKind::float64 : ValueKind::int64;
  }
  std::string default_literal(const model::Literal& literal, ValueKind) const override {
    return std::visit(operation::Visitor{
                          [](std::monostate) { return std::string("NULL"); },
                          [](bool value) { return std::string(value ? "1" : "0"); },
                          [](const std::string& text) { return sql::quote_string(text, toy::syntax()); },
                          [](auto number) { return std::to_string(number); },
                      },
                      literal);
  }
  std::vector<std::string> current_timestamps(const model::Type&) const override { return {"now"}; }
  std::optional<std::string> random_uuid() const override { return std::nullopt; }
  std::map<std::string, std::string> table_options(const model::TableRequest&) const override { return {}; }
  std::string create_view(const model::ViewRequest&) const override { throw has_none("views"); }

  // The schema.
  model::Schema inspect(Connection& connection, const InspectScope&) const override { return toy::inspect(connection); }
  std::vector<std::string> unsupported_objects(Connection&, const InspectScope&) const override { return {}; }
  std::string default_schema(Connection&) const override { return "main"; }
  std::vector<std::string> broken_objects(Connection&) const override { return {}; }
  std::unique_ptr<diff::Comparison> comparison(Connection&) const override { return make_comparison(*this); }
  std::unique_ptr<plan::Rewriter> rewriter(Connection&) const override { return make_rewriter(); }
  std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations) const override {
    return toy::generate(operations);
  }
  ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to) const override {
    if (to.type.name == "text" || from == to) return {};
    return {"which fails if a value is no " + to.type.name, false};
  }

  // Running.
  std::unique_ptr<dialect::SafetyGuard> guard(Connection& connection) const override { return make_guard(connection); }
  bool begin_excludes_others() const override { return false; }
  bool try_lock(Connection& connection) const override {
    return connection.run("TRY LOCK").values.at(0).at(0).integer() != 0;
  }
  void unlock(Connection& connection) const override { connection.run("UNLOCK"); }
  std::string lock_holder(Connection& connection) const override {
    return "connection " + connection.run("SHOW LOCK").values.at(0).at(0).text();
  }
  std::optional<Rows::Data> query_if_there(Connection& connection, const std::string& select) const override {
    try {
      return connection.run(select);
    } catch (const Error& error) {
      if (error.native_code() == no_such_table) return std::nullopt;
      throw;
    }
  }

  // Trying out.
  std::unique_ptr<Connection> open_scratch(Connection& connection, std::size_t) const override {
    return connection.open_scratch();
  }
  std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope&, CopyUse,
                                          std::vector<std::string>&) const override {
    std::unique_ptr<Connection> scratch = connection.open_scratch();
    for (const model::Table& table : toy::inspect(connection).tables) {
      for (const sql::Statement& statement : generate({operation::CreateTable{table}})) scratch->run(statement.sql);
    }
    return scratch;
  }
  const dialect::Samples& samples() const override { return toy::samples(); }
  void load_script(Connection& scratch, std::string_view script, dialect::ScriptContent) const override {
    scratch.run(script);
  }
  sql::ShellScript as_script(std::vector<sql::Statement> statements) const override { return {std::move(statements)}; }
};

}  // namespace

const sql::Syntax& syntax() {
  static constexpr sql::Syntax instance;
  return instance;
}

std::unique_ptr<const dialect::Dialect> make_dialect(const dialect::ServerFacts&) {
  return std::make_unique<ToyDialect>();
}

}  // namespace whimbrel::toy
