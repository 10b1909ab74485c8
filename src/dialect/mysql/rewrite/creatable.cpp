#include "dialect/mysql/rewrite/creatable.h"

#include <algorithm>
#include <string>

#include "dialect/mysql/inspect/privileges.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/program_text.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;

/// An object that an operation creates by its definition.
struct Created {
  std::string object;  ///< `view "v"`
  std::string definition;
  std::string session;
};

Created created(const model::Trigger& trigger) {
  return {"trigger \"" + trigger.name + '"', trigger.definition, trigger.session};
}

Created created(const model::Object& object) {
  return {object.kind + " \"" + object.name.name + '"', object.definition, object.session};
}

std::vector<Created> created_by(const Operation& operation) {
  if (const auto* const op = std::get_if<CreateView>(&operation)) {
    return {{"view \"" + op->view.name.name + '"', op->view.definition, {}}};
  }
  if (const auto* const op = std::get_if<CreateTrigger>(&operation)) return {created(op->trigger)};
  if (const auto* const op = std::get_if<CreateObject>(&operation)) return {created(op->object)};
  if (const auto* const op = std::get_if<AlterObject>(&operation)) return {created(op->after)};
  std::vector<Created> triggers;
  if (const auto* const op = std::get_if<CreateTable>(&operation)) {
    for (const model::Trigger& trigger : op->table.triggers) triggers.push_back(created(trigger));
  }
  return triggers;
}

void require_readable(const Created& object) {
  const std::string mode = unreadable_mode(object.session, object.definition);
  if (mode.empty()) return;
  throw Error(ErrorKind::unsafe, "No script can create " + object.object + ": its SQL mode is " + mode +
                                     ", and its definition would be read in another way.")
      .with_remedy("Nothing was changed. To change it, first drop it yourself, and create it in another SQL mode.");
}

[[noreturn]] void refuse_definer(const Created& object, Connection& connection, const Server& server) {
  const std::string clause = definer_clause(object.definition);
  const std::string user = connection.run("SELECT CURRENT_USER()").values.at(0).at(0).text();
  const std::string privilege = server.is_mariadb         ? "SET USER"
                                : server.version >= 80200 ? "SET_ANY_DEFINER"
                                                          : "SET_USER_ID";
  throw Error(ErrorKind::unsafe, "The changes create " + object.object + ", whose definer is " +
                                     clause.substr(clause.find('=') + 1) + ". The user " + user +
                                     " may not create it for another user, so it would be lost.")
      .with_remedy("Nothing was changed. As an administrator, allow it: GRANT " + privilege +
                   " ON *.* TO the user; or use a connection of the definer, or of an administrator.");
}

}  // namespace

void require_creatable(const std::vector<Operation>& operations, Connection* connection, const Server& server) {
  std::vector<Created> objects;
  for (const Operation& operation : operations) {
    for (Created& object : created_by(operation)) objects.push_back(std::move(object));
  }
  for (const Created& object : objects) require_readable(object);
  if (connection == nullptr) return;
  const auto foreign = std::find_if(objects.begin(), objects.end(),
                                    [](const Created& object) { return !definer_clause(object.definition).empty(); });
  if (foreign == objects.end() || has_global_privilege(*connection, definer_privileges(server))) return;
  refuse_definer(*foreign, *connection, server);
}

}  // namespace whimbrel::dialect::mysql
