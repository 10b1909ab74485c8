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
  std::string name = "session " + number;
  // Without the privilege PROCESS, only the user's own sessions are in the list. For a query of information_schema,
  // MySQL converts the statements of all sessions to a character set without characters of four bytes, which fails.
  constexpr std::size_t id = 0;
  constexpr std::size_t seconds = 5;
  for (const std::vector<Value>& row : connection.run("SHOW PROCESSLIST").values) {
    if (row.at(id).text() != number) continue;
    std::string about;
    for (const std::size_t user_host_command : {1U, 2U, 4U}) about += row.at(user_host_command).text() + ", ";
    return name + " (" + about + "for " + row.at(seconds).text() + " s)";
  }
  return name;
}

}  // namespace whimbrel::dialect::mysql
