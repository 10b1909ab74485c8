#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

namespace {

// Locks have names of up to 64 characters in the whole server, whose case does not matter, so that the name of a
// database does not fit in all cases. Hashes of two databases are different as far as that matters: one would wait for
// the other. https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
constexpr const char* lock_name = "CONCAT('whimbrel ', LEFT(SHA2(DATABASE(), 256), 40))";

std::string call(const std::string& function, const std::string& more = "") {
  return "SELECT " + function + '(' + lock_name + more + ')';
}

}  // namespace

bool try_lock(Connection& connection) {
  const Value taken = connection.run(call("GET_LOCK", ", 0")).values.at(0).at(0);
  return !taken.is_null() && taken.integer() == 1;
}

void unlock(Connection& connection) { connection.run(call("RELEASE_LOCK")); }

std::string lock_holder(Connection& connection) {
  const Value session = connection.run(call("IS_USED_LOCK")).values.at(0).at(0);
  if (session.is_null()) return {};
  const std::string number = session.text();
  const std::string name = "session " + number;
  // Without the privilege PROCESS, only the user's own sessions are in the list.
  const Rows::Data rows = connection.run(
      "SELECT CONCAT_WS(', ', USER, HOST, COMMAND, CONCAT('for ', TIME, ' s')) FROM information_schema.PROCESSLIST "
      "WHERE "
      "ID = " +
      number);
  return rows.values.empty() ? name : name + " (" + rows.values.front().front().text() + ')';
}

}  // namespace whimbrel::dialect::mysql
