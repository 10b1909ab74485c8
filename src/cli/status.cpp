#include "run/status.h"

#include <algorithm>
#include <map>

#include "cli/commands.h"
#include "cli/unbuilt.h"

namespace whimbrel::cli {

namespace {

std::string partial_state(const run::MigrationStatus& migration) {
  return migration.applied ? "partially reverted" : "partially applied";
}

std::string remarks(const run::MigrationStatus& migration) {
  std::string text;
  if (migration.partial) {
    text += "  " + partial_state(migration) + ": a run ended after " + std::to_string(*migration.partial) +
            (*migration.partial == 1 ? " statement" : " statements") + " of its `" +
            (migration.applied ? "down`" : "up`");
  }
  if (migration.missing) text += "  missing from this program";
  if (migration.changed) text += "  modified since it was applied";
  if (migration.out_of_order) text += "  out of order (older than an applied migration)";
  return text;
}

Json document(const std::vector<run::MigrationStatus>& migrations, std::size_t pending) {
  Json::List list;
  for (const run::MigrationStatus& migration : migrations) {
    Json::Object members = {
        {"name", migration.name}, {"timestamp", migration.timestamp}, {"applied", migration.applied}};
    members.emplace_back("applied_at", migration.applied_at.empty() ? Json() : Json(migration.applied_at));
    members.emplace_back("duration_ms", migration.duration_ms ? Json(*migration.duration_ms) : Json());
    members.emplace_back("missing", migration.missing);
    members.emplace_back("changed", migration.changed);
    members.emplace_back("out_of_order", migration.out_of_order);
    members.emplace_back("partial", migration.partial ? Json(*migration.partial) : Json());
    members.emplace_back("conflicts", migration.conflicts);
    list.emplace_back(members);
  }
  return Json::Object{{"migrations", Json(list)}, {"pending", static_cast<std::int64_t>(pending)}};
}

void show(const Console& console, const std::vector<run::MigrationStatus>& migrations) {
  std::size_t width = 0;
  for (const run::MigrationStatus& migration : migrations) width = std::max(width, migration.name.size());
  for (const run::MigrationStatus& migration : migrations) {
    const std::string state = migration.applied ? console.style.green("applied") : console.style.yellow("pending");
    std::string line = state + "  " + migration.name;
    if (!migration.applied_at.empty()) {
      line += std::string(width - migration.name.size() + 2, ' ') + console.style.faint(migration.applied_at + " UTC");
    }
    console.line(line + console.style.yellow(remarks(migration)));
    for (const std::string& conflict : migration.conflicts) {
      console.line(console.style.yellow("         does not match ") + conflict);
    }
  }
}

/// `2 applied, 1 missing, 1 partially reverted, 0 pending.` A missing migration is applied, but not in the program.
std::string summary(const std::vector<run::MigrationStatus>& migrations) {
  if (migrations.empty()) return "There are no migrations.";
  std::map<std::string, std::size_t> counts;
  for (const run::MigrationStatus& migration : migrations) {
    const std::string state = migration.applied ? (migration.missing ? "missing" : "applied") : "pending";
    ++counts[migration.partial ? partial_state(migration) : state];
  }
  std::string text = std::to_string(counts["applied"]) + " applied, ";
  for (const char* const state : {"missing", "partially applied", "partially reverted"}) {
    if (counts[state] > 0) text += std::to_string(counts[state]) + ' ' + state + ", ";
  }
  return text + std::to_string(counts["pending"]) + " pending.";
}

}  // namespace

ExitCode execute(const Context& context, const Status& arguments) {
  warn_of_unbuilt(context, "status");
  const std::vector<run::MigrationStatus> migrations = run::status(context.session);
  const auto pending = static_cast<std::size_t>(std::count_if(
      migrations.begin(), migrations.end(), [](const run::MigrationStatus& migration) { return !migration.applied; }));
  show(context.console, migrations);
  context.console.line(summary(migrations));
  if (context.console.json) context.console.document(document(migrations, pending));
  const bool is_whole = std::none_of(migrations.begin(), migrations.end(), [](const run::MigrationStatus& migration) {
    return migration.partial.has_value();
  });
  return arguments.check && (pending > 0 || !is_whole) ? differences_found : done;
}

}  // namespace whimbrel::cli
