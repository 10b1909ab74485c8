#pragma once

#include <string>

#include "dialect/connection.h"

namespace whimbrel::dialect::mysql {

/// Returns the query for the session of this node of a cluster that has the GET_LOCK of the database; its row is NULL
/// if none has.
[[nodiscard]] std::string query_for_lock_user();
/// Returns the query so that it does not wait for what other nodes have committed, such as a long schema change.
[[nodiscard]] std::string at_once(const std::string& query);

// The lock of a Galera cluster, whose nodes know nothing of each other's GET_LOCK: a row of the table `whimbrel_lock`,
// which only one node can insert. A runner takes it while it holds GET_LOCK on its own node, which says whether the one
// in the row is still there: on the same node it cannot be, and another node is asked.

[[nodiscard]] bool try_cluster_lock(Connection& connection);
void unlock_cluster(Connection& connection);
/// Returns the session in the row, as display text; empty if there is none.
[[nodiscard]] std::string cluster_lock_holder(Connection& connection);

}  // namespace whimbrel::dialect::mysql
