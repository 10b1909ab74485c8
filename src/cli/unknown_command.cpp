#include "cli/unknown_command.h"

#include <string_view>

#include "cli/arguments.h"
#include "diff/similarity.h"

namespace whimbrel::cli {

namespace {

/// Returns the command that other migration tools call so; empty if there is none.
std::string_view counterpart(std::string_view name) {
  if (name == "run") return "migrations";
  return name == "rollback" ? "revertmigration" : std::string_view();
}

}  // namespace

std::optional<std::string> unknown_command(const std::string& name) {
  constexpr int similar_enough = 50;
  std::string closest(counterpart(name));
  int best = similar_enough;
  for (const CommandSummary& command : command_summaries) {
    const std::string_view known = command.name;
    if (known == name) return std::nullopt;
    const bool is_beginning = name.size() > 2 && known.substr(0, name.size()) == name;
    const int likeness = is_beginning ? 100 : diff::similarity(known, name);
    if (likeness <= best || !counterpart(name).empty()) continue;
    best = likeness;
    closest = known;
  }
  return "Unknown command \"" + name + "\"." + (closest.empty() ? "" : " Did you mean `" + closest + "`?");
}

}  // namespace whimbrel::cli
