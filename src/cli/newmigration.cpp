#include <chrono>

#include "cli/commands.h"
#include "write/migration_file.h"

namespace whimbrel::cli {

std::string migrations_directory(const session::Session& session) {
  const DataSourceOptions& options = session.options();
  if (!options.migrations_directory.empty()) return options.migrations_directory;
  if (options.migrations.directory != nullptr) return options.migrations.directory;
  throw Error(ErrorKind::usage, "Cannot write a migration: the program sets no migrations directory.")
      .with_remedy("Pass the list of whimbrel_add_migrations() as .migrations, or set .migrations_directory.");
}

std::int64_t current_timestamp() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::vector<std::int64_t> known_timestamps(const session::Session& session) {
  std::vector<std::int64_t> timestamps;
  for (const session::KnownMigration& migration : session.migrations()) timestamps.push_back(migration.timestamp);
  return timestamps;
}

ExitCode execute(const Context& context, const NewMigration& arguments) {
  write::NewMigration migration;
  migration.directory = migrations_directory(context.session);
  migration.name = arguments.name;
  migration.now = current_timestamp();
  migration.timestamps = known_timestamps(context.session);
  const write::MigrationFile file = write::write_migration(migration);
  context.console.line("Wrote " + short_path(file.path));
  if (context.console.json) {
    context.console.document(Json::Object{{"file", file.path}, {"migration", file.class_name}});
  }
  return done;
}

}  // namespace whimbrel::cli
