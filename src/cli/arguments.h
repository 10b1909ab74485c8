#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "whimbrel/data_source.h"

/// argv → plain structs: the arguments of each command.
namespace whimbrel::cli {

/// `post.title=name`: the parts of a dotted name, and the text after the `=`.
struct TableColumnValue {
  std::vector<std::string> path;
  std::string value;
  bool operator==(const TableColumnValue&) const = default;
};

/// The parts of a dotted name.
using QualifiedName = std::vector<std::string>;

/// What the entities are compared with.
enum class Origin {
  database,
  migrations,  ///< The schema that all migrations produce in an empty scratch database.
};

struct MakeMigrations {
  std::string name = "migration";
  Origin from = Origin::database;
  bool dry_run = false;
  bool check = false;
  bool ignore_pending = false;
  bool rebase = false;
  std::string rebased;  ///< The migration to regenerate; empty: those that conflict with another branch's.
  bool verify = true;
  std::size_t rows = 1000;
  std::vector<TableColumnValue> renames;
  std::vector<TableColumnValue> not_renames;
  std::vector<TableColumnValue> backfills;
  std::vector<QualifiedName> drops;
};

struct Baseline {
  std::string name = "baseline";
  bool dry_run = false;
  bool verify = true;
};

struct Migrations {
  bool dry_run = false;
  bool fake = false;
  std::optional<TransactionMode> transaction;
  std::string to;
};

struct RevertMigration {
  bool dry_run = false;
  bool fake = false;
  std::size_t steps = 1;
  std::string to;
  bool all = false;
  bool yes = false;
  bool allow_data_loss = false;
  std::optional<TransactionMode> transaction;
};

struct Status {
  bool check = false;
};

struct NewMigration {
  std::string name;
};

struct Synchronize {
  bool dry_run = false;
  bool allow_data_loss = false;
  std::vector<TableColumnValue> renames;
  std::vector<TableColumnValue> backfills;
};

struct DropSchema {
  bool dry_run = false;
  bool yes = false;
};

/// How a schema or a difference is printed.
enum class Format { human, sql, json };

struct Diff {
  std::string from;  ///< A URL, a file, or `entities`.
  std::string to;
  std::optional<Format> format;  ///< None: human on a terminal, else sql.
  bool exit_code = false;
  bool down = false;
  bool all = false;
  bool verify = true;
  bool privileges = false;  ///< If true, owners and privileges are compared, too.
  std::vector<std::string> schemas;
  std::vector<TableColumnValue> renames;
  std::vector<TableColumnValue> backfills;
  std::string scratch;
};

struct Inspect {
  Format format = Format::human;
  std::vector<std::string> schemas;
};

struct WriteEntities {
  std::string directory;
  std::string name_space;
};

struct Version {};

using Command = std::variant<MakeMigrations, Migrations, RevertMigration, Status, NewMigration, Synchronize, DropSchema,
                             Baseline, Diff, Inspect, WriteEntities, Version>;

struct Arguments {
  Command command;
  std::string url;  ///< Empty: the program's.
  bool json = false;
};

/// A text that is printed instead of running a command: help, or an error in the arguments.
struct Message {
  std::string text;
  int exit_code = 0;
};

/// `program` is the program's name in messages.
[[nodiscard]] std::variant<Arguments, Message> parse_arguments(int argc, const char* const* argv,
                                                               const std::string& program);

/// Returns whether FROM or TO is the schema of the program's entities.
[[nodiscard]] bool is_entities(const std::string& side);

/// Returns the parts of `post.title=name`; nullopt if it is not an assignment. A part that contains a dot or an equals
/// sign is in double quotes, which are doubled inside.
[[nodiscard]] std::optional<TableColumnValue> parse_table_column_value(const std::string& text);

/// Returns the parts of `schema.table`, quoted in the same way; nullopt if it is not a name.
[[nodiscard]] std::optional<QualifiedName> parse_name(const std::string& text);

struct CommandSummary {
  const char* name;
  const char* summary;
};
/// The commands of a program, in the order of the help.
inline constexpr CommandSummary command_summaries[] = {
    {"makemigrations", "Generate a migration from the difference between entities and database"},
    {"migrations", "Run pending migrations"},
    {"revertmigration", "Revert the last applied migration"},
    {"status", "Show applied and pending migrations"},
    {"newmigration", "Create an empty migration"},
    {"synchronize", "Change the database to match the entities, without a migration"},
    {"dropschema", "Drop the program's tables, including all rows"},
    {"baseline", "Write a first migration from an existing database and mark it as applied"},
    {"diff", "Print the SQL that turns one schema into another"},
    {"inspect", "Show the schema of a database"},
    {"entities", "Generate entities from an existing database"},
    {"version", "Show the version of whimbrel"},
};

}  // namespace whimbrel::cli
