#include <optional>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/guard/run_lock.h"
#include "dialect/mysql/text/error_code.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

/// A new row for a new holder: the time tells it from one with the same number on a node that has been restarted.
struct LockHolder {
  std::string node;     ///< The UUID by which the cluster knows it, which it keeps until it is restarted.
  std::string name;     ///< The name of the node.
  std::string address;  ///< Where clients reach the node: `host:port`.
  std::string session;
  std::string account{};
  std::string since{};
  std::string seconds{};

  [[nodiscard]] bool is_session_of(const LockHolder& other) const {
    return node == other.node && session == other.session;
  }
};

const std::string lock_rows(lock_table);

const std::string new_table =
    "CREATE TABLE IF NOT EXISTS " + lock_rows +
    " (id tinyint NOT NULL PRIMARY KEY, node varchar(64) NOT NULL, name varchar(255) NOT NULL,"
    " address varchar(255) NOT NULL, session bigint unsigned NOT NULL, account varchar(400) NOT"
    " NULL, since datetime(6) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
    " COMMENT='Who runs migrations on this cluster'";

/// A row that has just gone is gone at the next attempt, and only an insertion takes the lock.
const std::string query_for_holder =
    "SELECT node, name, address, CAST(session AS CHAR), account, CAST(since AS "
    "CHAR), CAST(TIMESTAMPDIFF(SECOND, since, UTC_TIMESTAMP()) AS CHAR) FROM " +
    lock_rows + " WHERE id = 1";

constexpr const char* query_for_node =
    "SELECT (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'WSREP_GCOMM_UUID'),"
    " @@wsrep_node_name, @@wsrep_node_incoming_address, @@wsrep_node_address, @@hostname, CAST(@@port AS CHAR),"
    " CAST(CONNECTION_ID() AS CHAR)";

std::string text_in(const Value& value) { return value.is_null() ? std::string() : value.text(); }

/// Returns the address without its port. One of IPv6 is in brackets if it has a port.
std::string host_of(const std::string& address) {
  if (address.starts_with('[')) return address.substr(0, address.find(']') + 1);
  const std::size_t colon = address.find(':');
  if (colon == std::string::npos) return address;
  return address.find(':', colon + 1) == std::string::npos ? address.substr(0, colon) : '[' + address + ']';
}

/// Returns what this session would be as a holder.
LockHolder read_own(Connection& connection) {
  const std::vector<Value> row = connection.run(at_once(query_for_node)).values.at(0);
  std::string address = text_in(row[2]);
  if (address.empty() || address == "AUTO") address = host_of(text_in(row[3]));
  if (address.empty()) address = text_in(row[4]);
  const std::string host = host_of(address);
  if (host.size() >= address.size()) address = host + ':' + text_in(row[5]);
  return {.node = text_in(row[0]), .name = text_in(row[1]), .address = address, .session = text_in(row[6])};
}

std::optional<LockHolder> read_holder(Connection& connection) {
  const Rows::Data rows = connection.run(at_once(query_for_holder));
  if (rows.values.empty()) return std::nullopt;
  const std::vector<Value>& row = rows.values.front();
  return LockHolder{text_in(row[0]), text_in(row[1]), text_in(row[2]), text_in(row[3]),
                    text_in(row[4]), text_in(row[5]), text_in(row[6])};
}

/// Returns the row; without the table, creates it.
std::optional<LockHolder> read_or_prepare(Connection& connection) {
  try {
    return read_holder(connection);
  } catch (const Error& error) {
    if (!error_code::is_missing_table(error)) throw;
  }
  connection.run(new_table);
  return read_holder(connection);
}

/// What the node of a holder says: nullopt if it does not answer or is a different node.
std::optional<bool> is_there(Connection& connection, const LockHolder& holder) {
  const std::unique_ptr<Connection> there = connection.open_at(holder.address);
  if (there == nullptr) return std::nullopt;
  try {
    const LockHolder node = read_own(*there);
    // A node that was restarted has a new UUID, and none of its former sessions.
    if (node.node != holder.node && node.name != holder.name) return std::nullopt;
    return text_in(there->run(query_for_lock_user()).values.at(0).at(0)) == holder.session;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Runs a statement that changes the row. Returns false if another node did that first.
bool change_row(Connection& connection, const std::string& sql, const std::vector<Value>& parameters) {
  try {
    connection.run(sql, parameters);
    return true;
  } catch (const Error& error) {
    if (error.native_code() == error_code::duplicate_value || error.native_code() == error_code::deadlock) return false;
    throw;
  }
}

}  // namespace

bool try_cluster_lock(Connection& connection) {
  const std::optional<LockHolder> holder = read_or_prepare(connection);
  const LockHolder own = read_own(connection);
  if (!holder) {
    return change_row(connection,
                      "INSERT INTO " + lock_rows +
                          " (id, node, name, address, session, account, since) VALUES (1, ?, ?, ?, "
                          "CONNECTION_ID(), CURRENT_USER(), UTC_TIMESTAMP(6))",
                      {own.node, own.name, own.address});
  }
  // This session holds the lock of the node, so that another one of the same node does not.
  const bool is_gone = holder->node == own.node || is_there(connection, *holder) == false;
  if (!is_gone) return false;
  const bool is_changed = change_row(
      connection,
      "UPDATE " + lock_rows +
          " SET node = ?, name = ?, address = ?, session = CONNECTION_ID(), account = CURRENT_USER(), since = "
          "UTC_TIMESTAMP(6) WHERE id = 1 AND node = ? AND session = ? AND since = ?",
      {own.node, own.name, own.address, holder->node, holder->session, holder->since});
  if (!is_changed) return false;
  const std::optional<LockHolder> now = read_holder(connection);
  return now && now->is_session_of(own);
}

void unlock_cluster(Connection& connection) {
  const LockHolder own = read_own(connection);
  connection.run("DELETE FROM " + lock_rows + " WHERE id = 1 AND node = ? AND session = CONNECTION_ID()", {own.node});
}

std::string cluster_lock_holder(Connection& connection) {
  const std::optional<LockHolder> holder = read_or_prepare(connection);
  if (!holder) return {};
  std::string text = "session " + holder->session + " of the node \"" + holder->name + "\" (" + holder->account +
                     ", for " + holder->seconds + " s)";
  if (holder->node == read_own(connection).node || is_there(connection, *holder)) return text;
  return text + "; the node is not reached at " + holder->address +
         ", so only you can tell whether that run has ended: then run DELETE FROM " + lock_rows;
}

}  // namespace whimbrel::dialect::mysql
