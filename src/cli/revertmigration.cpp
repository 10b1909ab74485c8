#include "cli/applied.h"
#include "cli/commands.h"
#include "run/runner.h"

namespace whimbrel::cli {

ExitCode execute(const Context& context, const RevertMigration& arguments) {
  run::RevertOptions options;
  options.fake = arguments.fake;
  options.dry_run = arguments.dry_run;
  options.steps = arguments.steps;
  options.to = arguments.to;
  options.all = arguments.all;
  options.allow_data_loss = arguments.allow_data_loss;
  options.transaction = arguments.transaction;
  const AppliedWords words =
      arguments.dry_run ? AppliedWords{"Would revert", "would be reverted"}
      : arguments.fake  ? AppliedWords{"Removed from the history without running down:", "removed from the history"}
                        : AppliedWords{"Reverted", "reverted"};
  options.on_done = [&](const run::MigrationResult& migration) {
    show_applied(context.console, words, migration, context.session.dialect().syntax());
  };
  const auto reverted = run::revert_migrations(context.session, options);
  context.console.line(reverted.empty() ? "There is nothing to revert."
                                        : count_text(reverted.size(), "migration") + ' ' + words.all + '.');
  if (arguments.dry_run) note_preview(context.console, reverted);
  if (context.console.json) context.console.document(applied_document(reverted, arguments.dry_run));
  return done;
}

}  // namespace whimbrel::cli
