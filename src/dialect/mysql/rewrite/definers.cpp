#include "dialect/mysql/rewrite/definers.h"

#include <optional>
#include <string>

#include "dialect/mysql/inspect/privileges.h"
#include "dialect/mysql/text/program_text.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;

/// An object that an operation creates for another user.
struct Foreign {
  std::string object;  ///< `view "v"`
  std::string definer;
};

std::optional<Foreign> find_foreign(const std::string& kind, const std::string& name, const std::string& definition) {
  const std::string clause = definer_clause(definition);
  if (clause.empty()) return std::nullopt;
  return Foreign{kind + " \"" + name + '"', clause.substr(clause.find('=') + 1)};
}

std::optional<Foreign> find_foreign(const Operation& operation) {
  if (const auto* const op = std::get_if<CreateView>(&operation)) {
    return find_foreign("view", op->view.name.name, op->view.definition);
  }
  if (const auto* const op = std::get_if<CreateTrigger>(&operation)) {
    return find_foreign("trigger", op->trigger.name, op->trigger.definition);
  }
  if (const auto* const op = std::get_if<CreateObject>(&operation)) {
    return find_foreign(op->object.kind, op->object.name.name, op->object.definition);
  }
  if (const auto* const op = std::get_if<AlterObject>(&operation)) {
    return find_foreign(op->after.kind, op->after.name.name, op->after.definition);
  }
  const auto* const op = std::get_if<CreateTable>(&operation);
  if (op == nullptr) return std::nullopt;
  for (const model::Trigger& trigger : op->table.triggers) {
    auto found = find_foreign("trigger", trigger.name, trigger.definition);
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace

void require_definers(const std::vector<Operation>& operations, Connection& connection, const Server& server) {
  std::optional<Foreign> foreign;
  for (const Operation& operation : operations) {
    if (!foreign) foreign = find_foreign(operation);
  }
  if (!foreign || has_global_privilege(connection, definer_privileges(server))) return;
  const std::string user = connection.run("SELECT CURRENT_USER()").values.at(0).at(0).text();
  const std::string privilege = server.is_mariadb         ? "SET USER"
                                : server.version >= 80200 ? "SET_ANY_DEFINER"
                                                          : "SET_USER_ID";
  throw Error(ErrorKind::unsafe, "The changes create " + foreign->object + ", whose definer is " + foreign->definer +
                                     ". The user " + user + " may not create it for another user, so it would be lost.")
      .with_remedy("Nothing was changed. As an administrator, allow it: GRANT " + privilege +
                   " ON *.* TO the user; or use a connection of the definer, or of an administrator.");
}

}  // namespace whimbrel::dialect::mysql
