#include "dialect/mysql/inspect/privileges.h"

#include <algorithm>

#include "dialect/fields.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/token_reader.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// A line of SHOW GRANTS: `GRANT SELECT, CREATE VIEW ON `shop`.* TO ...`.
struct Grant {
  std::vector<std::string> privileges;
  std::string database;  ///< A pattern of LIKE; `*`: all. Empty: it is about something else.
};

Grant read_grant(const std::string& line) {
  Grant grant;
  sql::TokenReader words(line, mysql_syntax);
  if (!words.accept("GRANT") || !words.has("ON")) return grant;
  std::string privilege;
  for (; words.left() > 0 && !words.is("ON"); words.skip()) {
    if (words.is(",")) {
      grant.privileges.push_back(std::exchange(privilege, {}));
    } else {
      privilege += (privilege.empty() ? "" : " ") + sql::to_lower(words.rest().front().text);
    }
  }
  grant.privileges.push_back(privilege);
  words.skip();
  if (words.left() > 2 && words.is(".", 1) && words.is("*", 2)) grant.database = words.rest().front().value();
  return grant;
}

/// It includes the privileges of the enabled roles.
std::vector<Grant> read_grants(Connection& connection) {
  std::vector<Grant> grants;
  for (const std::vector<Value>& row : connection.run("SHOW GRANTS").values) {
    grants.push_back(read_grant(text_of(row.at(0))));
  }
  return grants;
}

bool gives(const Grant& grant, const std::vector<std::string>& wanted) {
  return std::any_of(grant.privileges.begin(), grant.privileges.end(), [&](const std::string& privilege) {
    return privilege.starts_with("all privileges") ||
           std::find(wanted.begin(), wanted.end(), privilege) != wanted.end();
  });
}

bool is_this_database(Connection& connection, const std::string& pattern) {
  return text_of(
             connection.run("SELECT DATABASE() LIKE " + sql::quote_string(pattern, mysql_syntax)).values.at(0).at(0)) ==
         "1";
}

}  // namespace

bool has_global_privilege(Connection& connection, const std::vector<std::string>& privileges) {
  const std::vector<Grant> grants = read_grants(connection);
  return std::any_of(grants.begin(), grants.end(),
                     [&](const Grant& grant) { return grant.database == "*" && gives(grant, privileges); });
}

bool has_privilege(Connection& connection, const std::vector<std::string>& privileges) {
  const std::vector<Grant> grants = read_grants(connection);
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    if (grant.database.empty() || !gives(grant, privileges)) return false;
    return grant.database == "*" || is_this_database(connection, grant.database);
  });
}

// https://mariadb.com/kb/en/grant/#set-user
// https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html#priv_set-any-definer
std::vector<std::string> definer_privileges(const Server& server) {
  if (server.is_mariadb) return {"set user", "super"};
  return {"set_any_definer", "set_user_id", "super"};
}

}  // namespace whimbrel::dialect::mysql
