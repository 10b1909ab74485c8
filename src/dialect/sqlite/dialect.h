#pragma once

#include <functional>

#include "dialect/dialect.h"

namespace whimbrel::dialect::sqlite {

/// Returns the dialect for the version of the linked library, or for the one that a program declares.
[[nodiscard]] std::unique_ptr<const Dialect> make_dialect(const ServerFacts& server = {});

// The parts of the dialect, with their files.

/// inspect/inspector.cpp: one query, then each statement of sqlite_schema is parsed (inspect/reader.h).
[[nodiscard]] model::Schema inspect(Connection& connection);
/// Inspects only these tables.
[[nodiscard]] model::Schema inspect(Connection& connection, const std::vector<model::Name>& tables);
[[nodiscard]] std::vector<std::string> unsupported_objects(Connection& connection);
/// compare/comparison.cpp: two expressions are equivalent if SQLite compiles both to the same program.
[[nodiscard]] std::unique_ptr<diff::Comparison> make_comparison(const Dialect& dialect, Connection& connection);
/// inspect/uses.cpp: fills in which columns the table's check constraints, indexes and generated columns use.
void find_uses(Connection& connection, model::Table& table);
/// Returns whether the view contains the column's name. SQLite reports the uses of a view or a trigger only if it
/// exists and can be read, but a plan is also about future ones.
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
/// A rewriter's questions to the database.
struct RewriterQuestions {
  std::function<bool()>
      can_alter;  ///< Returns whether ALTER TABLE can read every view and trigger. Asked at most once.
  std::function<std::unique_ptr<Connection>()> open_scratch;
  std::function<void(const model::Schema&)> require_free;  ///< See below.
  std::function<void(model::Table&)> find_uses;            ///< See above.
};
/// rewrite/rewriter.cpp
[[nodiscard]] std::unique_ptr<plan::Rewriter> make_rewriter(bool has_drop_column, RewriterQuestions questions = {});
/// inspect/inspector.cpp. Throws Error (unsafe) if an object of the schema has the name of an unmanaged table, whose
/// owner is unknown here.
void require_free(Connection& connection, const model::Schema& schema);
/// Returns whether the column is the rowid of the table. Only an INTEGER PRIMARY KEY is, with exactly this type name:
/// INT creates a separate key. https://www.sqlite.org/lang_createtable.html#rowids_and_the_integer_primary_key
[[nodiscard]] bool is_rowid(const model::Table& table, const model::Column& column);
/// generate/generator.cpp
[[nodiscard]] std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations);
/// types.cpp
[[nodiscard]] model::Type column_type(const model::ColumnRequest& request);
/// Returns whether a STRICT table accepts it.
[[nodiscard]] bool is_strict_type(const model::Type& type);
[[nodiscard]] std::string default_literal(const model::Literal& literal, model::ValueKind kind);
[[nodiscard]] model::ValueKind value_kind(const model::Type& type);
[[nodiscard]] std::map<std::string, std::string> table_options(const model::TableRequest& request);
[[nodiscard]] std::optional<int> since(model::Feature feature);
/// Returns stored SQL without white space and comments. SQLite keeps the rest as it was written.
[[nodiscard]] std::string lasting_sql(std::string_view sql);
[[nodiscard]] std::vector<std::string> former_sql(std::string_view sql);
/// Returns a type independently of its spelling: names in lower case, and `int` as `integer`, which differ only for
/// is_rowid().
[[nodiscard]] model::Type normalise(model::Type type);
/// Returns whether columns of the two types store and compare values in the same way, and differ at most in the name by
/// which other databases call the type: smallint is an integer.
[[nodiscard]] bool is_stored_alike(const model::Type& a, const model::Type& b);

}  // namespace whimbrel::dialect::sqlite
