#include <algorithm>

#include "change/table_change.h"
#include "cli/answers.h"
#include "cli/commands.h"
#include "cli/rebase.h"
#include "cli/unbuilt.h"
#include "operation/describe.h"
#include "run/runner.h"
#include "run/status.h"
#include "write/migration_file.h"
#include "write/migration_source.h"

namespace whimbrel::cli {

namespace {

using change::Finding;
using change::SchemaChange;

void require_nothing_pending(session::Session& session) {
  const std::vector<std::string> pending = run::pending_migrations(session);
  if (pending.empty()) return;
  std::string names;
  for (const std::string& name : pending) names += "\n  " + name;
  throw Error(ErrorKind::migration, "Cannot generate a migration: the database has " +
                                        count_text(pending.size(), "pending migration") + '.' + names)
      .with_remedy(
          "Run `migrations` first, or pass --ignore-pending; the new migration then repeats what the pending ones do.");
}

/// A database may be ahead of the program, as after a switch to another branch: then the new migration would undo
/// the additional ones. Migrations of other programs, which do not record when they ran, say nothing about this one.
void report_missing(const Context& context, const MakeMigrations& arguments) {
  std::string names;
  std::size_t count = 0;
  bool is_ahead = false;
  for (const run::MigrationStatus& migration : run::status(context.session)) {
    if (!migration.missing) is_ahead = false;
    if (!migration.missing || migration.applied_at.empty()) continue;
    names += "\n  " + migration.name;
    is_ahead = !context.session.migrations().empty();
    ++count;
  }
  if (count == 0) return;
  const std::string what = "the database has " + count_text(count, "migration") + " that the program does not contain";
  if (is_ahead && !arguments.check && !arguments.ignore_pending) {
    throw Error(ErrorKind::migration, "Cannot generate a migration: " + what + ", and is ahead of it." + names)
        .with_remedy(
            "Add their files to the program, for example by merging their branch, and build again; or compare the "
            "entities with what the migrations of the program produce: --from migrations. With --ignore-pending, the "
            "new migration undoes what the entities do not have.");
  }
  context.console.warning(what + "; the difference may undo what they did:" + names);
}

// A scratch database takes the place of the program's: it has the schema that the migrations produce.
void replay_migrations(session::Session& session) {
  // Functions and modules that the migrations use and that do not exist here belong to the program.
  std::vector<std::string> not_tried;
  session.connect_to(session.open_scratch());
  session.connection().stand_in_for_unknown(&not_tried);
  run::RunOptions options;
  options.transaction = TransactionMode::each;
  try {
    run::run_migrations(session, options);
    session.connection().stand_in_for_unknown(nullptr);
  } catch (Error& error) {
    session.connection().stand_in_for_unknown(nullptr);
    error.with_remedy(error.remedy() + (error.remedy().empty() ? "" : " ") +
                      "--from migrations replays all migrations on an empty database. Each must also succeed when the "
                      "only rows are those that earlier migrations inserted.");
    throw;
  }
}

// Compares, asks open questions, and compares again with the answers, until none is open or there is no answer.
SchemaChange decide(const Context& context, const MakeMigrations& arguments) {
  diff::Answers answers = read_answers(arguments.renames, arguments.not_renames, arguments.backfills, arguments.drops);
  const sql::Syntax& syntax = context.session.dialect().syntax();
  require_expressions(answers, syntax);
  SchemaChange generated = change::generate(context.session, answers);
  require_effect(context.session.dialect(), answers, generated);
  if (arguments.check) return generated;
  while (has_open_questions(generated) && answer(context.questions, syntax, generated, answers)) {
    context.session.stop_if_interrupted();
    generated = change::generate(context.session, answers);
  }
  context.session.stop_if_interrupted();
  return generated;
}

std::vector<std::string> changes(const SchemaChange& generated) {
  std::vector<std::string> result;
  for (const operation::Operation& operation : change::displayed_operations(generated)) {
    result.push_back(operation::describe(operation));
  }
  return result;
}

struct Proof {
  bool wanted = false;
  change::Verification result;

  [[nodiscard]] bool verified() const { return wanted && result.not_tried.empty(); }
};

std::string listed(const std::vector<std::pair<model::Name, std::size_t>>& tables, bool counted) {
  std::string text;
  for (const auto& [name, count] : tables) {
    text += (text.empty() ? "" : ", ") + (counted ? std::to_string(count) + " of " : "") + '"' + to_string(name) + '"';
  }
  return text;
}

std::string in_words(const Finding& finding) {
  return finding.words + (finding.example.empty() ? "" : ": " + finding.example);
}

std::string why_not(const Proof& proof) { return proof.wanted ? proof.result.not_tried : "generated with --no-verify"; }

std::vector<std::string> remarks(const SchemaChange& generated, const Proof& proof) {
  std::vector<std::string> result = {"Generated by `makemigrations`."};
  result.push_back(proof.verified() ? "Verified on a scratch copy of the schema: `up` produces the schema of the "
                                      "entities, `down` restores the previous one."
                                    : "Not verified: " + why_not(proof) + '.');
  if (!proof.result.rows.empty())
    result.push_back("Also verified with rows of " + listed(proof.result.rows, false) + '.');
  for (const std::string& what : proof.result.left_out) result.push_back("Not verified: " + what);
  // Without the examples, which may be personal data.
  for (const Finding& loss : proof.result.losses) result.push_back("Data loss in `up`, measured: " + loss.words);
  for (const Finding& note : proof.result.notes) result.push_back("Note: " + note.words);
  for (const std::string& loss : generated.losses) result.push_back("Data loss in `up` if there are rows: " + loss);
  for (const std::string& loss : generated.down_losses) {
    result.push_back("Data loss in `down` if there are rows: " + loss);
  }
  for (const std::string& note : generated.notes) result.push_back("Note: " + note);
  for (const std::string& note : generated.down_notes) result.push_back("Note on `down`: " + note);
  return result;
}

std::vector<write::NewMigration> new_migrations(session::Session& session, const MakeMigrations& arguments,
                                                const SchemaChange& generated, const Proof& proof) {
  write::NewMigration migration;
  migration.directory = migrations_directory(session);
  migration.name = arguments.name;
  migration.now = current_timestamp();
  migration.timestamps = known_timestamps(session);
  for (const history::Record& record : session.history().read(session.connection()).records) {
    migration.timestamps.push_back(record.timestamp);
  }
  std::vector<write::NewMigration> migrations;
  const std::vector<std::vector<change::TableChange>> changes = change::table_changes(session.dialect(), generated);
  for (std::size_t i = 0; i < generated.parts.size(); ++i) {
    const change::ScriptPart& part = generated.parts[i];
    migration.script = part.script;
    migration.tables = change::to_text(changes[i]);
    migration.in_transaction = part.in_transaction;
    migration.remarks = remarks(generated, proof);
    if (!part.in_transaction) {
      migration.remarks.emplace_back(
          "Runs outside a transaction; use `migrations --transaction each`. If it is interrupted, run it again.");
    }
    migrations.push_back(migration);
  }
  return migrations;
}

void show_difference(const Console& console, const SchemaChange& generated) {
  for (const std::string& change : changes(generated)) console.line("  " + change);
  for (const std::string& loss : generated.losses) {
    console.line(console.style.yellow("Data loss if there are rows: ") + loss);
  }
  for (const std::string& note : generated.notes) console.line("Note: " + note);
  for (const std::string& loss : generated.down_losses) {
    console.line(console.style.yellow("Data loss in down if there are rows: ") + loss);
  }
  for (const std::string& note : generated.down_notes) console.line("Note on down: " + note);
  for (const std::string& option : down_options(generated)) {
    console.line("To set the value that down backfills: " + option);
  }
  for (const std::string& object : generated.unmanaged) {
    console.line("Unmanaged, not touched (no entity describes it and no migration created it): " + object);
  }
}

Json::Object difference_document(const SchemaChange& generated) {
  return {{"changes", changes(generated)},
          {"losses", generated.losses},
          {"notes", generated.notes},
          {"down_losses", generated.down_losses},
          {"down_notes", generated.down_notes},
          {"down_options", down_options(generated)},
          {"unmanaged", generated.unmanaged},
          {"up", texts(generated.script.up)},
          {"down", texts(generated.script.down)}};
}

void show_replaced(const Console& console, const MakeMigrations& arguments, const Replaced& replaced) {
  for (const std::string& file : replaced.files) {
    console.line((arguments.dry_run ? "Would remove " : "Removed ") + short_path(file) +
                 ", which it replaces; manual edits of that file are not carried over");
  }
}

ExitCode report_no_changes(const Console& console, const MakeMigrations& arguments, const SchemaChange& generated,
                           const Replaced& replaced) {
  show_difference(console, generated);
  console.line("No changes");
  if (!arguments.dry_run) write::replace_migrations({}, replaced.files);
  for (const std::string& file : replaced.files) {
    console.line((arguments.dry_run ? "Would remove " : "Removed ") + short_path(file) +
                 ": the other migrations already make all of its changes");
  }
  if (!console.json) return done;
  Json::Object document = difference_document(generated);
  if (!replaced.empty()) document.emplace_back("replaced", replaced.files);
  console.document(document);
  return done;
}

ExitCode report_questions(const Console& console, const SchemaChange& generated) {
  if (!console.json) throw undecided(generated);
  Json::Object document = difference_document(generated);
  document.emplace_back("questions", questions_document(generated));
  console.document(document);
  return answer_needed;
}

Proof prove(session::Session& session, const SchemaChange& generated, bool verify, std::size_t rows) {
  if (!verify) return {};
  return {true, change::verify(session, generated, rows)};
}

void show_proof(const Console& console, const Proof& proof) {
  if (!proof.wanted) return;
  for (const std::string& what : proof.result.left_out) console.line("Not verified: " + what);
  for (const Finding& loss : proof.result.losses) console.line(console.style.yellow("Data loss: ") + in_words(loss));
  for (const Finding& note : proof.result.notes) console.line("Note: " + in_words(note));
  if (proof.verified()) {
    console.line("Verified on a scratch copy: up produces the schema of the entities, down restores the previous one.");
    if (!proof.result.rows.empty()) {
      console.line("Also verified with rows of the database: " + listed(proof.result.rows, true) + '.');
    }
  } else {
    console.line(console.style.yellow("Not verified: ") + why_not(proof) + '.');
  }
}

void add_proof(Json::Object& document, const Proof& proof) {
  document.emplace_back("verified", proof.verified());
  document.emplace_back("why_not_verified", proof.verified() ? "" : why_not(proof));
  document.emplace_back("unverified", proof.result.left_out);
  Json::Object rows;
  for (const auto& [name, count] : proof.result.rows)
    rows.emplace_back(to_string(name), static_cast<std::int64_t>(count));
  document.emplace_back("rows", std::move(rows));
  std::vector<std::string> losses;
  for (const Finding& loss : proof.result.losses) losses.push_back(in_words(loss));
  document.emplace_back("measured_losses", losses);
  std::vector<std::string> notes;
  for (const Finding& note : proof.result.notes) notes.push_back(in_words(note));
  document.emplace_back("notes_of_rows", notes);
}

/// An invalid entity is what a check looks for. Any other reason that prevents verification does not keep the
/// difference from being reported.
Proof try_to_prove(session::Session& session, const SchemaChange& generated, const MakeMigrations& arguments) {
  if (!arguments.verify || has_open_questions(generated)) return {};
  try {
    return {true, change::verify(session, generated, arguments.rows)};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::entity || error.kind() == ErrorKind::interrupted) throw;
    std::string why = error.what();
    if (why.ends_with('.')) why.pop_back();
    return {true, {std::move(why), {}}};
  }
}

ExitCode report_check(const Context& context, const MakeMigrations& arguments, const SchemaChange& generated) {
  const Console& console = context.console;
  show_difference(console, generated);
  const std::string script = script_text(texts(generated.script.up), context.session.dialect().syntax());
  const std::string what =
      arguments.from == Origin::migrations ? "The schema that the migrations produce" : "The database";
  console.line(what + " does not match the entities. `makemigrations` would generate:\n" +
               script.substr(0, script.size() - 1));
  const Proof proof = try_to_prove(context.session, generated, arguments);
  show_proof(console, proof);
  if (console.json) {
    Json::Object document = difference_document(generated);
    add_proof(document, proof);
    document.emplace_back("questions", questions_document(generated));
    console.document(document);
  }
  return differences_found;
}

Json files_document(const std::vector<write::MigrationFile>& files, bool dry_run) {
  Json::List list;
  for (const write::MigrationFile& file : files) {
    Json::Object one = {{"migration", file.class_name}, {"file", file.path}};
    if (dry_run) one.emplace_back("text", file.text);
    list.emplace_back(std::move(one));
  }
  return list;
}

void report_files(const Console& console, const MakeMigrations& arguments, const SchemaChange& generated,
                  const Proof& proof, const std::vector<write::MigrationFile>& files, const Replaced& replaced) {
  show_proof(console, proof);
  for (const write::MigrationFile& file : files) {
    console.line(arguments.dry_run ? "Would write " + short_path(file.path) + ":\n\n" + file.text
                                   : "Wrote " + short_path(file.path));
  }
  show_replaced(console, arguments, replaced);
  if (std::any_of(generated.parts.begin(), generated.parts.end(),
                  [](const auto& part) { return !part.in_transaction; })) {
    console.note("an index is created concurrently, outside a transaction: run `migrations --transaction each`");
  }
  if (!console.json) return;
  Json::Object document = difference_document(generated);
  add_proof(document, proof);
  document.emplace_back("migrations", files_document(files, arguments.dry_run));
  document.emplace_back("written", !arguments.dry_run);
  if (!replaced.empty()) document.emplace_back("replaced", replaced.files);
  console.document(document);
}

ExitCode make(const Context& context, const MakeMigrations& arguments, const Replaced& replaced) {
  const SchemaChange generated = decide(context, arguments);
  if (generated.empty()) return report_no_changes(context.console, arguments, generated, replaced);
  if (arguments.check) return report_check(context, arguments, generated);
  if (has_open_questions(generated)) return report_questions(context.console, generated);
  show_difference(context.console, generated);
  const Proof proof = prove(context.session, generated, arguments.verify, arguments.rows);
  const std::vector<write::NewMigration> migrations = new_migrations(context.session, arguments, generated, proof);
  report_files(
      context.console, arguments, generated, proof,
      arguments.dry_run ? write::prepare_migrations(migrations) : write::replace_migrations(migrations, replaced.files),
      replaced);
  return proof.wanted && !proof.verified() ? not_verified : done;
}

/// Regenerates unapplied migrations on top of the schema that the others produce in an empty database.
ExitCode rebase(const Context& context, MakeMigrations arguments) {
  const Replaced replaced = find_replaced(context.session, arguments.rebased);
  if (replaced.empty()) {
    context.console.line("Nothing to rebase: no migration was generated without another that changes the same table.");
    if (context.console.json) context.console.document(Json::Object{{"replaced", Json::List()}, {"written", false}});
    return done;
  }
  DataSourceOptions options = context.session.options();
  options.migrations.entries = replaced.others.data();
  options.migrations.size = replaced.others.size();
  session::Session others(std::move(options));
  replay_migrations(others);
  if (arguments.name == MakeMigrations().name) arguments.name = replaced.name;
  arguments.from = Origin::migrations;
  return make({others, context.console, context.questions}, arguments, replaced);
}

/// Conflicts between the migrations that would run, or between all migrations if no database is used.
ExitCode report_conflicts(const Console& console, const std::vector<run::BranchConflict>& conflicts) {
  Json::List list;
  for (const run::BranchConflict& conflict : conflicts) {
    console.line(conflict.migration + " does not match " + run::to_string(conflict));
    list.emplace_back(Json::Object{{"migration", conflict.migration},
                                   {"earlier", conflict.earlier},
                                   {"kind", conflict.kind},
                                   {"table", model::to_string(conflict.table)},
                                   {"differences", conflict.differences}});
  }
  console.line("Regenerate the one that no other database has run yet: makemigrations --rebase [NAME]");
  if (console.json) console.document(Json::Object{{"conflicts", std::move(list)}});
  return differences_found;
}

}  // namespace

ExitCode execute(const Context& context, const MakeMigrations& arguments) {
  static_cast<void>(write::class_name(arguments.name, current_timestamp()));  // Also if there is nothing to write.
  check_for_unbuilt(context, arguments);
  if (arguments.rebase) return rebase(context, arguments);
  const bool from_migrations = arguments.from == Origin::migrations;
  if (arguments.check) {
    const std::vector<run::BranchConflict> conflicts =
        from_migrations ? run::all_conflicts(context.session) : run::pending_conflicts(context.session);
    if (!conflicts.empty()) return report_conflicts(context.console, conflicts);
  }
  if (from_migrations) {
    replay_migrations(context.session);
  } else {
    if (!arguments.ignore_pending) require_nothing_pending(context.session);
    report_missing(context, arguments);
  }
  return make(context, arguments, {});
}

}  // namespace whimbrel::cli
