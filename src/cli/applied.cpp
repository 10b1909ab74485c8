#include "cli/applied.h"

#include <algorithm>

namespace whimbrel::cli {

void show_applied(const Console& console, const AppliedWords& words, const run::MigrationResult& migration,
                  const sql::Syntax& syntax) {
  const bool timed = migration.script.empty() && migration.statements > 0;
  const std::string time = timed ? " in " + std::to_string(migration.duration.count()) + " ms" : "";
  console.line(words.one + ' ' + console.style.bold(migration.name) + console.style.faint(time));
  const std::string script = script_text(migration.script, syntax);
  console.source(script);
}

void note_preview(const Console& console, const std::vector<run::MigrationResult>& migrations) {
  const bool has_statements = std::any_of(migrations.begin(), migrations.end(),
                                          [](const auto& migration) { return !migration.script.empty(); });
  if (has_statements) {
    console.note("do not run these statements by hand: the runner adds the transaction, the checks and the history");
  }
}

Json applied_document(const std::vector<run::MigrationResult>& migrations, bool dry_run) {
  Json::List list;
  for (const run::MigrationResult& migration : migrations) {
    Json::Object members = {{"name", migration.name},
                            {"statements", static_cast<std::int64_t>(migration.statements)},
                            {"duration_ms", std::int64_t{migration.duration.count()}}};
    if (dry_run) members.emplace_back("sql", migration.script);
    list.emplace_back(members);
  }
  return Json::Object{{"dry_run", dry_run}, {"migrations", Json(list)}};
}

}  // namespace whimbrel::cli
