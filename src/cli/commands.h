#pragma once

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/questions.h"
#include "session/session.h"

/// The commands, one file per command. They throw whimbrel::Error.
namespace whimbrel::cli {

/// The context of a command that works with a program.
struct Context {
  session::Session& session;
  const Console& console;
  Questions& questions;
};

ExitCode execute(const Context& context, const MakeMigrations& arguments);
ExitCode execute(const Context& context, const Migrations& arguments);
ExitCode execute(const Context& context, const RevertMigration& arguments);
ExitCode execute(const Context& context, const Status& arguments);
ExitCode execute(const Context& context, const NewMigration& arguments);
ExitCode execute(const Context& context, const Synchronize& arguments);
ExitCode execute(const Context& context, const DropSchema& arguments);
ExitCode execute(const Context& context, const Baseline& arguments);

/// The context of a command that works with schemas, with or without a program.
struct SchemaContext {
  const DataSourceOptions& options;
  const Console& console;
};

ExitCode execute(const SchemaContext& context, const Diff& arguments);
ExitCode execute(const SchemaContext& context, const Inspect& arguments);
ExitCode execute(const SchemaContext& context, const WriteEntities& arguments);

/// Returns the directory for new migrations. Throws Error (usage) if the program sets none.
[[nodiscard]] std::string migrations_directory(const session::Session& session);

/// Returns the current time in milliseconds, as used in the names of migrations.
[[nodiscard]] std::int64_t current_timestamp();

/// Returns the timestamps of the program's migrations.
[[nodiscard]] std::vector<std::int64_t> known_timestamps(const session::Session& session);

}  // namespace whimbrel::cli
