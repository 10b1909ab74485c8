#include "dialect/mysql/guard/run_lock.h"

#include "dialect/mysql/dialect.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

// Locks have names of up to 64 characters in the whole server, whose case does not matter, so that the name of a
// database does not fit in all cases. Hashes of two databases are different as far as that matters: one would wait for
// the other. https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
const std::string lock_name = "CONCAT('whimbrel ', LEFT(SHA2(DATABASE(), 256), 40))";

std::string call(const std::string& function, const std::string& more = "") {
  return "SELECT " + function + '(' + lock_name + more + ')';
}

/// Gives the lock of the node back when another node has that of the cluster.
bool try_cluster(Connection& connection) {
  const Value taken = connection.run(at_once(call("GET_LOCK", ", 0"))).values.at(0).at(0);
  if (taken.is_null() || taken.integer() != 1) return false;
  bool is_taken = false;
  try {
    is_taken = try_cluster_lock(connection);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::connection) connection.run(at_once(call("RELEASE_LOCK")));
    throw;
  }
  if (!is_taken) connection.run(at_once(call("RELEASE_LOCK")));
  return is_taken;
}

}  // namespace

std::string query_for_lock_user() { return at_once(call("IS_USED_LOCK")); }

std::string at_once(const std::string& query) { return "SET STATEMENT wsrep_sync_wait = 0 FOR " + query; }

bool try_lock(Connection& connection, const Server& server) {
  if (server.is_in_cluster) return try_cluster(connection);
  const Value taken = connection.run(call("GET_LOCK", ", 0")).values.at(0).at(0);
  return !taken.is_null() && taken.integer() == 1;
}

void unlock(Connection& connection, const Server& server) {
  if (server.is_in_cluster) unlock_cluster(connection);
  connection.run(call("RELEASE_LOCK"));
}

std::string lock_holder(Connection& connection, const Server& server) {
  if (server.is_in_cluster) return cluster_lock_holder(connection);
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
