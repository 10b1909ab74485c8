#include "dialect/postgres/guard/run_lock.h"

namespace whimbrel::dialect::postgres {

namespace {

// An arbitrary number that no other program uses; a lock belongs to one database.
constexpr long long lock_number = 7737480312415429;

std::string call(const std::string& function) {
  return "SELECT pg_catalog." + function + '(' + std::to_string(lock_number) + ')';
}

// A 64-bit number is shown in two halves. https://www.postgresql.org/docs/current/view-pg-locks.html
const std::string holder_query = R"sql(
SELECT concat('process ', l.pid, ' (', concat_ws(', ', a.usename, nullif(a.application_name, ''), a.state), ')')
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND l.locktype = 'advisory' AND l.objsubid = 1
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
  AND (l.classid::bigint << 32 | l.objid::bigint) = )sql" +
                                 std::to_string(lock_number) + " LIMIT 1";

}  // namespace

bool try_lock(Connection& connection) {
  return connection.run(call("pg_try_advisory_lock")).values.at(0).at(0).integer() != 0;
}

void unlock(Connection& connection) { connection.run(call("pg_advisory_unlock")); }

std::string lock_holder(Connection& connection) {
  const Rows::Data rows = connection.run(holder_query);
  return rows.values.empty() ? "" : rows.values.front().front().text();
}

}  // namespace whimbrel::dialect::postgres
