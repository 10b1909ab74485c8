#include "dialect/sqlite/dialect.h"

#include <algorithm>

#include "dialect/sqlite/generate/conversion.h"
#include "dialect/sqlite/rewrite/rename_obstacles.h"
#include "dialect/sqlite/samples.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

bool is_literal(const sql::Token& token) { return token.kind == sql::TokenKind::string && token.text.front() == '\''; }

class SqliteDialect final : public Dialect {
 public:
  explicit SqliteDialect(const ServerFacts& server) : version_(server.version) {}

  std::string_view name() const override { return "sqlite"; }
  bool has_transactional_ddl() const override { return true; }
  std::string_view begin() const override { return "BEGIN IMMEDIATE"; }
  const sql::Syntax& syntax() const override { return sqlite_syntax; }
  std::string lasting_type(const model::Type& type) const override { return model::to_string(normalise(type)); }
  std::string lasting_sql(std::string_view sql) const override { return sqlite::lasting_sql(sql); }
  std::vector<std::string> former_sql(std::string_view sql) const override { return sqlite::former_sql(sql); }

  ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to) const override {
    return sqlite::conversion_risk(from, to, version_);
  }
  std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations) const override {
    return sqlite::generate(operations);
  }
  model::Schema inspect(Connection& connection, const InspectScope& scope) const override {
    if (scope.part && scope.only_changed) return sqlite::inspect(connection, scope.part->changed);
    return sqlite::inspect(connection);
  }
  std::vector<std::string> unsupported_objects(Connection& connection, const InspectScope&) const override {
    return sqlite::unsupported_objects(connection);
  }
  std::string default_schema(Connection&) const override { return "main"; }
  bool renames_view_columns() const override { return true; }
  std::unique_ptr<diff::Comparison> comparison(Connection& connection) const override {
    return make_comparison(*this, connection);
  }
  std::unique_ptr<plan::Rewriter> rewriter(Connection& connection) const override {
    return make_rewriter(
        has(model::Feature::dropped_columns),
        {.can_alter = [&connection] { return can_alter(connection); },
         .open_scratch = [&connection] { return connection.open_scratch(); },
         .require_free = [&connection](const model::Schema& schema) { sqlite::require_free(connection, schema); },
         .find_uses = [&connection](model::Table& table) { sqlite::find_uses(connection, table); }});
  }
  std::unique_ptr<SafetyGuard> guard(Connection& connection) const override { return make_guard(connection); }

  // SQLite has one writer at a time. https://www.sqlite.org/lang_transaction.html#immediate
  bool begin_excludes_others() const override { return true; }
  // The lock is held as long as the mode is set. A connection that waits in this mode would keep a shared lock, and two
  // of them would wait for each other, so the mode is set when the lock is held. In WAL mode, only the second
  // transaction locks others out. https://www.sqlite.org/pragma.html#pragma_locking_mode
  bool try_lock(Connection& connection) const override {
    connection.run("BEGIN EXCLUSIVE; PRAGMA locking_mode = EXCLUSIVE; COMMIT");
    try {
      connection.run("BEGIN EXCLUSIVE; COMMIT");
    } catch (...) {
      unlock(connection);
      throw;
    }
    return true;
  }
  void unlock(Connection& connection) const override {
    connection.run("PRAGMA locking_mode = NORMAL");
    connection.run("SELECT 1 FROM sqlite_master LIMIT 1");
  }
  std::string lock_holder(Connection&) const override { return {}; }

  std::unique_ptr<Connection> open_scratch(Connection& connection, std::size_t) const override {
    return connection.open_scratch();
  }
  std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope&, CopyUse,
                                          std::vector<std::string>& left_out) const override {
    return sqlite::copy_schema(connection, left_out);
  }
  void load_script(Connection& scratch, std::string_view script, ScriptContent) const override {
    sqlite::load_script(scratch, script);
  }
  void require_own(Connection& connection, std::int32_t application_id) const override {
    sqlite::require_own(connection, application_id);
  }
  void mark_own(Connection& connection, std::int32_t application_id) const override {
    sqlite::mark_own(connection, application_id);
  }
  sql::ShellScript as_script(std::vector<sql::Statement> statements) const override {
    return sqlite::as_script(std::move(statements));
  }
  sql::ShellScript as_listing(std::vector<sql::Statement> statements) const override {
    return sqlite::as_listing(std::move(statements));
  }
  std::vector<std::string> broken_objects(Connection& connection) const override {
    return sqlite::broken_objects(connection);
  }
  const Samples& samples() const override { return sqlite::samples(); }
  std::optional<Rows::Data> query_if_there(Connection& connection, const std::string& select) const override {
    try {
      return connection.run(select);
    } catch (const Error& error) {
      if (std::string_view(error.what()).find("no such table") == std::string_view::npos) throw;
      return std::nullopt;
    }
  }

  model::Type column_type(const model::ColumnRequest& request) const override { return sqlite::column_type(request); }
  std::string default_literal(const model::Literal& literal, model::ValueKind kind) const override {
    return sqlite::default_literal(literal, kind);
  }
  model::ValueKind value_kind(const model::Type& type) const override { return sqlite::value_kind(type); }
  model::Type enum_type(const model::Name&) const override { return {"varchar", {}}; }
  std::vector<std::string> current_timestamps(const model::Type&) const override {
    return {"datetime('now')", "CURRENT_TIMESTAMP"};
  }
  bool is_stored_alike(const model::Type& a, const model::Type& b) const override {
    return sqlite::is_stored_alike(a, b);
  }
  std::optional<std::string> random_uuid() const override { return std::nullopt; }
  std::string fold(model::NameKind, std::string_view identifier) const override { return sql::to_lower(identifier); }
  model::NameLimit identifier_limit() const override { return {}; }
  std::map<std::string, std::string> table_options(const model::TableRequest& request) const override {
    return sqlite::table_options(request);
  }
  std::string create_view(const model::ViewRequest& view) const override {
    const std::string columns = view.columns.empty() ? "" : " (" + view.columns + ')';
    return sql::Writer(sqlite_syntax)
        .raw("CREATE VIEW ")
        .identifier(view.name.name)
        .raw(columns)
        .raw(" AS ")
        .raw(view.query)
        .take();
  }
  std::string_view title() const override { return "SQLite"; }
  int version() const override { return version_; }
  std::optional<int> since(model::Feature feature) const override { return sqlite::since(feature); }

 private:
  int version_;
};

}  // namespace

std::unique_ptr<const Dialect> make_dialect(const ServerFacts& server) {
  return std::make_unique<SqliteDialect>(server);
}

namespace {

/// Returns the text with names in lower case and without quotes. `is_name`: by the number of a string literal, whether
/// it is written as a name is.
template <class IsName>
std::string lasting_text(const std::vector<sql::Token>& tokens, IsName is_name) {
  std::string text;
  std::size_t strings = 0;
  for (const sql::Token& token : tokens) {
    bool folds = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
    if (is_literal(token)) folds = is_name(strings++);
    text += (text.empty() ? "" : " ") + (folds ? sql::to_lower(token.value()) : std::string(token.text));
  }
  return text;
}

}  // namespace

// A rename and its reverse change the quotes and the case of names: `Post` becomes `"post"`.
std::string lasting_sql(std::string_view sql) {
  return lasting_text(sql::tokenize(sql, sqlite_syntax), [](std::size_t) { return false; });
}

std::vector<std::string> former_sql(std::string_view sql) {
  constexpr std::ptrdiff_t most_strings = 4;  // Each can have been one: more would be too many combinations.
  const std::vector<sql::Token> tokens = sql::tokenize(sql, sqlite_syntax);
  const std::ptrdiff_t strings = std::count_if(tokens.begin(), tokens.end(), is_literal);
  std::vector<std::string> texts;
  if (strings > most_strings) return {lasting_text(tokens, [](std::size_t) { return true; })};
  for (std::size_t names = 1; names < std::size_t{1} << strings; ++names) {
    texts.push_back(lasting_text(tokens, [&](std::size_t i) { return (names >> i & 1) != 0; }));
  }
  return texts;
}

}  // namespace whimbrel::dialect::sqlite
