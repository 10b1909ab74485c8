#pragma once

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/questions.h"
#include "session/session.h"

/// The commands, a file each. They throw whimbrel::Error.
namespace whimbrel::cli {

/// What a command works with.
struct Context {
  run::Session& session;
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

/// What a command works with that is about schemas, whether or not a program has anything to do with them.
struct SchemaContext {
  const DataSourceOptions& options;
  const Console& console;
};

ExitCode execute(const SchemaContext& context, const Diff& arguments);
ExitCode execute(const SchemaContext& context, const Inspect& arguments);
ExitCode execute(const SchemaContext& context, const WriteEntities& arguments);

/// Where new migrations are written. Throws Error (usage) if the program does not say it.
[[nodiscard]] std::string migrations_directory(const run::Session& session);

/// Now, in the milliseconds that migrations are named with.
[[nodiscard]] std::int64_t current_timestamp();

/// The timestamps of the program's migrations.
[[nodiscard]] std::vector<std::int64_t> known_timestamps(const run::Session& session);

}  // namespace whimbrel::cli
