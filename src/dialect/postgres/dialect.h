#pragma once

#include "dialect/dialect.h"

namespace whimbrel::dialect::postgres {

/// Returns the dialect of PostgreSQL 12 and later, for the version of the server or the one that a program declares.
[[nodiscard]] std::unique_ptr<const Dialect> make_dialect(const ServerFacts& server = {});

// The parts of the dialect, with their files.

/// inspect/inspector.cpp: a fixed number of queries, in one round trip. Names in the default schema have no schema.
[[nodiscard]] model::Schema inspect(Connection& connection, const InspectScope& scope);
[[nodiscard]] OwnedSchema inspect_owned(Connection& connection, const InspectScope& scope);
[[nodiscard]] std::vector<std::string> unsupported_objects(Connection& connection, const InspectScope& scope);
/// compare/comparison.cpp: the server deparses desired texts, in a table that no other session sees.
[[nodiscard]] std::unique_ptr<diff::Comparison> make_comparison(const Dialect& dialect, Connection& connection);
/// rewrite/rewriter.cpp
[[nodiscard]] std::unique_ptr<plan::Rewriter> make_rewriter();
/// scratch.cpp
[[nodiscard]] std::unique_ptr<Connection> open_scratch(Connection& connection, std::size_t statements);
[[nodiscard]] std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope& scope, CopyUse use,
                                                      std::vector<std::string>& left_out);
[[nodiscard]] bool is_confined(Connection& scratch);
void load_script(Connection& scratch, std::string_view script, ScriptContent content);
/// generate/privilege_change.cpp
[[nodiscard]] PrivilegeChange change_privileges(const model::Privileges& from, const model::Privileges& to,
                                                const std::vector<operation::Operation>& operations);
/// The database on which generated statements run.
enum class TargetDatabase {
  any,    ///< It may have comments that no schema contains, which are kept.
  known,  ///< The operations lead from its complete schema to another one: comments are a part of both.
};
/// generate/generator.cpp
[[nodiscard]] std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations,
                                                   TargetDatabase target = TargetDatabase::any);
[[nodiscard]] std::string create_view(const model::Name& view, std::string_view query, bool materialized);
/// types.cpp
[[nodiscard]] model::Type column_type(const model::ColumnRequest& request);
[[nodiscard]] model::Type enum_type(const model::Name& name);
[[nodiscard]] std::string default_literal(const model::Literal& literal, model::ValueKind kind);
[[nodiscard]] std::vector<std::string> current_timestamps(const model::Type& type);
[[nodiscard]] bool is_derived_name(std::string_view name, const model::NamedPart& part);
[[nodiscard]] model::ValueKind value_kind(const model::Type& type);
[[nodiscard]] std::map<std::string, std::string> table_options(const model::TableRequest& request);
[[nodiscard]] std::optional<int> since(model::Feature feature);
/// Parses a type and spells it as format_type() does: `varchar(40)[]` becomes `character varying(40)[]`. Numbers at its
/// end are its arguments, everything else is its name. Nullopt if it is invalid.
/// https://www.postgresql.org/docs/current/datatype.html
[[nodiscard]] std::optional<model::Type> read_type(std::string_view text);

}  // namespace whimbrel::dialect::postgres
