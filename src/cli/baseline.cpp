#include "change/baseline.h"

#include <filesystem>
#include <set>

#include "change/table_change.h"
#include "cli/commands.h"
#include "write/migration_file.h"

namespace whimbrel::cli {

namespace {

using run::Generated;

void refuse_later(const run::Session& session) {
  const std::string directory = migrations_directory(session);
  if (session.migrations().empty() && write::timestamps_of_files(directory).empty()) return;
  throw Error(ErrorKind::usage, "There are migrations already, and a baseline comes before all others.")
      .with_remedy("Go on with makemigrations; or take the files out of " + short_path(directory) +
                   " if the baseline is to stand for them.");
}

/// What is not as it should be in a baseline, in words.
struct Findings {
  std::vector<std::string> not_modelled;
  std::vector<std::string> not_proved{};
  std::vector<std::string> undescribed{};  ///< Tables.
};

std::vector<std::string> remarks(const Baseline& arguments, const Findings& findings) {
  std::vector<std::string> result = {"Written by `baseline`: makes the schema that the database had then."};
  result.emplace_back(arguments.verify ? "Verified on an empty scratch database: `up` arrives at that schema, `down` "
                                         "comes back to nothing."
                                       : "Not verified: it was written with --no-verify.");
  result.emplace_back("Lost by `down`: all tables, with their rows.");
  for (const std::string& what : findings.not_proved) result.push_back("Not proved: " + what);
  for (const std::string& object : findings.not_modelled) result.push_back("Not made: " + object);
  return result;
}

write::NewMigration new_migration(run::Session& session, const Baseline& arguments, const Generated& generated,
                                  const Findings& findings) {
  write::NewMigration migration;
  migration.directory = migrations_directory(session);
  migration.name = arguments.name;
  migration.now = current_timestamp();
  for (const history::Record& record : session.history().read(session.connection()).records) {
    migration.timestamps.push_back(record.timestamp);
  }
  migration.script = generated.script;
  // Nothing is made concurrently in an empty database, so there is one part.
  migration.tables = run::to_text(run::table_changes(session.dialect(), generated).front());
  migration.remarks = remarks(arguments, findings);
  return migration;
}

/// The file is there if it is recorded, and only then.
write::MigrationFile write_and_record(run::Session& session, const write::NewMigration& migration) {
  write::MigrationFile file;
  try {
    run::record_applied(session, [&] {
      file = write::write_migration(migration);
      history::Record record;
      record.timestamp = file.timestamp;
      record.name = file.class_name;
      return record;
    });
  } catch (...) {
    std::error_code error;
    if (!file.path.empty()) std::filesystem::remove(file.path, error);
    throw;
  }
  return file;
}

/// The tables that become the program's own by this, though no entity describes them.
std::vector<std::string> undescribed_tables(run::Session& session, const Generated& generated) {
  std::set<model::Name> described;
  const auto key = [&](const model::Name& name) { return session.dialect().fold_name(model::NameKind::table, name); };
  for (const model::Table& table : session.desired().tables) described.insert(key(table.name));
  for (const model::Name& name : session.described().tables_left_alone) described.insert(key(name));
  std::vector<std::string> names;
  for (const model::Table& table : generated.target.tables) {
    if (!described.contains(key(table.name))) names.push_back(to_string(table.name));
  }
  return names;
}

void note_undescribed(const Console& console, const std::vector<std::string>& tables) {
  if (tables.empty()) return;
  std::string names;
  for (const std::string& table : tables) names += (names.empty() ? "\"" : ", \"") + table + '"';
  console.note("no entity describes " + count_text(tables.size(), "table") + " (" + names +
               "): `makemigrations` will ask whether to drop what is not described by then; `whimbrel entities` writes "
               "entities for all");
}

void report(const Console& console, const Baseline& arguments, const Generated& generated, const Findings& findings,
            const write::MigrationFile& file) {
  for (const std::string& object : findings.not_modelled) console.note(object + " is not made by the migration");
  note_undescribed(console, findings.undescribed);
  if (arguments.verify)
    console.line("Verified on an empty scratch database: up arrives at the schema, down comes back.");
  for (const std::string& what : findings.not_proved) console.line("Not proved: " + what);
  console.line(arguments.dry_run ? "Would write " + short_path(file.path) + ":\n\n" + file.text
                                 : "Wrote " + short_path(file.path) + ", and marked it as applied.");
  if (!console.json) return;
  Json::Object document = {{"migration", file.class_name},        {"file", file.path},
                           {"written", !arguments.dry_run},       {"verified", arguments.verify},
                           {"not_proved", findings.not_proved},   {"not_modelled", findings.not_modelled},
                           {"undescribed", findings.undescribed}, {"up", texts(generated.script.up)},
                           {"down", texts(generated.script.down)}};
  if (arguments.dry_run) document.emplace_back("text", file.text);
  console.document(document);
}

}  // namespace

ExitCode execute(const Context& context, const Baseline& arguments) {
  run::Session& session = context.session;
  refuse_later(session);
  const Generated generated = run::generate_baseline(session);
  if (generated.empty()) {
    throw Error(ErrorKind::usage, "There is nothing in the " + session.connection().description() + " to begin with.")
        .with_remedy("Begin with makemigrations.");
  }
  dialect::Scope scope = session.scope();
  scope.objects = true;
  Findings findings{session.dialect().not_modelled(session.connection(), scope)};
  if (arguments.verify) findings.not_proved = run::verify_baseline(session, generated);
  const write::NewMigration migration = new_migration(session, arguments, generated, findings);
  const write::MigrationFile file =
      arguments.dry_run ? write::prepare_migration(migration) : write_and_record(session, migration);
  findings.undescribed = undescribed_tables(session, generated);
  report(context.console, arguments, generated, findings, file);
  return done;
}

}  // namespace whimbrel::cli
