#pragma once

#include "dialect/dialect.h"

/// MariaDB and MySQL.
namespace whimbrel::dialect::mysql {

/// The server that a dialect is for.
struct Server {
  bool is_mariadb = true;   ///< If false, it is MySQL.
  bool is_assumed = false;  ///< If true, no server was asked, and it may also be MySQL.
  int version = newest_version;
  /// lower_case_table_names: if true, names of tables are equal whatever their case.
  bool ignores_case_of_tables = false;
  bool is_in_cluster = false;  ///< It is a node of a Galera cluster.

  /// Returns whether it is MariaDB of this version or later.
  [[nodiscard]] bool is_mariadb_since(int first) const { return is_mariadb && version >= first; }
  [[nodiscard]] bool is_mysql_since(int first) const { return !is_mariadb && version >= first; }
};
/// The table with the migration lock of a cluster.
inline constexpr std::string_view lock_table = "whimbrel_lock";

/// From the facts of a connection, or those that a program declares; the flavour is `mariadb` or `mysql`.
[[nodiscard]] Server read_server(const ServerFacts& facts);

/// Returns the dialect of MariaDB 10.6 and MySQL 8.0 and later, for a server or the one that a program declares.
[[nodiscard]] std::unique_ptr<const Dialect> make_dialect(const ServerFacts& server = {});

// The parts of the dialect, with their files.

/// inspect/inspector.cpp: a fixed number of queries of information_schema.
[[nodiscard]] model::Schema inspect(Connection& connection, const Server& server, const InspectScope& scope);
[[nodiscard]] std::vector<std::string> unsupported_objects(Connection& connection, const Server& server,
                                                           const InspectScope& scope);
/// compare/comparison.cpp: the server deparses desired expressions, in a table of a scratch database.
[[nodiscard]] std::unique_ptr<diff::Comparison> make_comparison(const Dialect& dialect, Connection& connection,
                                                                const Server& server);
/// rewrite/rewriter.cpp: `connection` is null if privileges need not be checked.
[[nodiscard]] std::unique_ptr<plan::Rewriter> make_rewriter(const Server& server, Connection* connection = nullptr);
/// guard/guard.cpp
[[nodiscard]] std::unique_ptr<SafetyGuard> make_guard(Connection& connection, const Server& server);
/// guard/shell_script.cpp
[[nodiscard]] sql::ShellScript as_script(std::vector<sql::Statement> statements, const Server& server);
/// guard/script.cpp
void load_script(Connection& scratch, std::string_view script);
/// guard/run_lock.cpp, and guard/cluster_lock.cpp for a node of a cluster
[[nodiscard]] bool try_lock(Connection& connection, const Server& server);
void unlock(Connection& connection, const Server& server);
[[nodiscard]] std::string lock_holder(Connection& connection, const Server& server);
/// guard/statement_effect.cpp
[[nodiscard]] StatementEffect effect(std::string_view statement);
[[nodiscard]] std::string catalog_state(Connection& connection, const Server& server, std::string_view statement);
[[nodiscard]] bool tells_completion(Connection& connection, const Server& server, std::string_view statement);
/// guard/broken.cpp
[[nodiscard]] std::vector<std::string> broken_objects(Connection& connection);
/// scratch.cpp
[[nodiscard]] std::unique_ptr<Connection> open_scratch(Connection& connection);
[[nodiscard]] std::unique_ptr<Connection> copy_schema(Connection& connection, const Server& server,
                                                      const InspectScope& scope, CopyUse use,
                                                      std::vector<std::string>& left_out);
/// samples.cpp
[[nodiscard]] const Samples& samples();
/// generate/generator.cpp
[[nodiscard]] std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations,
                                                   const Server& server);
/// generate/conversion.cpp
[[nodiscard]] ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to);
/// types.cpp, features.cpp, text/type_text.cpp
/// Returns a character set or a collation as the server reports it: utf8 is a synonym for utf8mb3.
[[nodiscard]] std::string charset_name(const std::string& given, const Server& server);
[[nodiscard]] model::Type column_type(const model::ColumnRequest& request, const Server& server);
[[nodiscard]] std::string default_literal(const model::Literal& literal, model::ValueKind kind, const Server& server);
[[nodiscard]] std::vector<std::string> current_timestamps(const model::Type& type, const Server& server);
[[nodiscard]] bool is_derived_name(std::string_view name, const model::NamedPart& part);
[[nodiscard]] model::ValueKind value_kind(const model::Type& type);
[[nodiscard]] std::map<std::string, std::string> table_options(const model::TableRequest& request,
                                                               const Server& server);
[[nodiscard]] std::optional<int> since(model::Feature feature, const Server& server);
/// Parses a type and spells it as the server reports it: `INT(11) UNSIGNED` becomes `int unsigned`. The values of an
/// enum or a set are arguments that the model has elsewhere. Nullopt if it is invalid.
[[nodiscard]] std::optional<model::Type> read_type(std::string_view text);

}  // namespace whimbrel::dialect::mysql
