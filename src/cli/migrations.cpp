#include "cli/applied.h"
#include "cli/commands.h"
#include "cli/unbuilt.h"
#include "run/runner.h"
#include "run/status.h"

namespace whimbrel::cli {

namespace {

void warn_of_modified(const Context& context) {
  constexpr std::size_t shown = 3;
  std::size_t count = 0;
  for (const run::MigrationStatus& migration : run::status(context.session)) {
    if (!migration.changed || ++count > shown) continue;
    context.console.warning("The migration " + migration.name +
                            " was modified after it was applied; other databases get the new version.");
  }
  if (count > shown) {
    context.console.warning(count_text(count - shown, "more migration") + (count == shown + 1 ? " was" : " were") +
                            " modified after being applied.");
  }
}

}  // namespace

ExitCode execute(const Context& context, const Migrations& arguments) {
  warn_of_unbuilt(context, "migrations");
  run::RunOptions options;
  options.transaction = arguments.transaction;
  options.fake = arguments.fake;
  options.dry_run = arguments.dry_run;
  options.to = arguments.to;
  const AppliedWords words = arguments.dry_run ? AppliedWords{"Would run", "would be run"}
                             : arguments.fake  ? AppliedWords{"Recorded without running", "recorded"}
                                               : AppliedWords{"Ran", "run"};
  options.on_done = [&](const run::MigrationResult& migration) {
    show_applied(context.console, words, migration, context.session.dialect().syntax());
  };
  warn_of_modified(context);
  const auto applied = run::run_migrations(context.session, options);
  context.console.line(applied.empty() ? "No migrations are pending."
                                       : count_text(applied.size(), "migration") + ' ' + words.all + '.');
  if (arguments.dry_run) note_preview(context.console, applied);
  if (context.console.json) context.console.document(applied_document(applied, arguments.dry_run));
  return done;
}

}  // namespace whimbrel::cli
