#pragma once

#include <functional>

#include "dialect/dialect.h"

namespace whimbrel::dialect::sqlite {

/// SQLite in the version of the linked library, or of the one that a program declares.
[[nodiscard]] std::unique_ptr<const Dialect> make_dialect(const ServerFacts& server = {});

// What the dialect is made of, a file each.

/// inspect/inspector.cpp: one query, every statement in sqlite_schema read (inspect/reader.h).
[[nodiscard]] model::Schema inspect(Connection& connection);
/// Of nothing but these tables.
[[nodiscard]] model::Schema inspect(Connection& connection, const std::vector<model::Name>& tables);
[[nodiscard]] std::vector<std::string> unsupported_objects(Connection& connection);
/// compare/comparison.cpp: two expressions are the same when SQLite compiles both to the same program.
[[nodiscard]] std::unique_ptr<diff::Comparison> make_comparison(Connection& connection);
/// inspect/uses.cpp: fills in which columns the table's checks, indexes and computed columns use.
void find_uses(Connection& connection, model::Table& table);
/// Does the name of the column stand in it? SQLite says what a view or a trigger uses only of one that is there and can
/// be read; a plan is also about those that are not there yet.
[[nodiscard]] bool may_use(const model::View& view, const std::string& column);
[[nodiscard]] bool may_use(const model::Trigger& trigger, const std::string& column);
/// guard/guard.cpp
[[nodiscard]] std::unique_ptr<SafetyGuard> make_guard(Connection& connection);
/// scratch.cpp
[[nodiscard]] std::unique_ptr<Connection> copy_schema(Connection& connection, std::vector<std::string>& left_out);
[[nodiscard]] std::vector<std::string> broken_objects(Connection& connection);
/// guard/script.cpp
void load_script(Connection& scratch, std::string_view script);
void require_own(Connection& connection, std::int32_t application_id);
void mark_own(Connection& connection, std::int32_t application_id);
[[nodiscard]] sql::ShellScript as_script(std::vector<sql::Statement> statements);
[[nodiscard]] sql::ShellScript as_listing(std::vector<sql::Statement> statements);
/// What a rewriter asks of the database.
struct RewriterQuestions {
  std::function<bool()> can_alter;  ///< Can ALTER TABLE read every view and trigger? Asked at most once.
  std::function<std::unique_ptr<Connection>()> open_scratch;
  std::function<void(const model::Schema&)> require_free;  ///< As below.
  std::function<void(model::Table&)> find_uses;            ///< As above.
};
/// rewrite/rewriter.cpp
[[nodiscard]] std::unique_ptr<plan::Rewriter> make_rewriter(bool has_drop_column, RewriterQuestions questions = {});
/// inspect/inspector.cpp. Throws Error (unsafe) if something of the schema has the name of a table that is left alone,
/// since nobody knows here whose it is.
void require_free(Connection& connection, const model::Schema& schema);
/// Would the column be the rowid of the table? Only an INTEGER PRIMARY KEY is, by exactly this name of the type: INT
/// makes a key of its own. https://www.sqlite.org/lang_createtable.html#rowids_and_the_integer_primary_key
[[nodiscard]] bool is_rowid(const model::Table& table, const model::Column& column);
/// generate/generator.cpp
[[nodiscard]] std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations);
/// types.cpp
[[nodiscard]] model::Type column_type(const model::ColumnRequest& request);
[[nodiscard]] std::string default_literal(const model::Literal& literal, model::ValueKind kind);
[[nodiscard]] model::ValueKind value_kind(const model::Type& type);
[[nodiscard]] std::map<std::string, std::string> table_options(const model::TableRequest& request);
[[nodiscard]] std::optional<int> since(model::Feature feature);
/// SQL that was stored, without its white space and comments: in all else it stays as it was written.
[[nodiscard]] std::string lasting_sql(std::string_view sql);
/// A type without regard to its spelling: names in lower case, `int` as `integer`, which they are but for is_rowid().
[[nodiscard]] model::Type normalise(model::Type type);

}  // namespace whimbrel::dialect::sqlite
