#include <libpq-fe.h>

#include <atomic>

#include "dialect/postgres/scratch_database.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

constexpr const char* description = "PostgreSQL server, where a scratch database is to be made";

/// The connection that makes a database, in its name: the process and when it began. As long as it lives, the database
/// is somebody's.
constexpr const char* name_query =
    "SELECT 'whimbrel_scratch_' || pid || '_' || (extract(epoch FROM backend_start) * 1000000)::bigint"
    " FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()";

constexpr const char* leftovers_query = R"sql(
SELECT d.datname FROM pg_catalog.pg_database d
WHERE d.datname ~ '^whimbrel_scratch_[0-9]+_[0-9]+_[0-9]+$' AND d.datdba = current_user::regrole AND NOT EXISTS
  (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid::text = split_part(d.datname, '_', 3) AND
   (a.backend_start IS NULL OR (extract(epoch FROM a.backend_start) * 1000000)::bigint::text = split_part(d.datname, '_', 4))))sql";

/// How a database like the connection's is made from template0, the only template that lets one choose.
std::string creation(PGconn* connection) {
  const int version = PQserverVersion(connection);
  const char* const locale = version >= 170000   ? "datlocprovider, datlocale, daticurules"
                             : version >= 160000 ? "datlocprovider, daticulocale, daticurules"
                             : version >= 150000 ? "datlocprovider, daticulocale, NULL"
                                                 : "NULL, NULL, NULL";
  const std::vector<std::string> row =
      rows_of(connection,
              std::string("SELECT pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype, ") + locale +
                  " FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()",
              description)
          .at(0);
  std::string text = " TEMPLATE template0 ENCODING " + sql::quote_string(row[0]) + " LC_COLLATE " +
                     sql::quote_string(row[1]) + " LC_CTYPE " + sql::quote_string(row[2]);
  if (row[3] == "c") text += " LOCALE_PROVIDER libc";
  if (row[3] == "i") text += " LOCALE_PROVIDER icu ICU_LOCALE " + sql::quote_string(row[4]);
  if (row[3] == "b") text += " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + sql::quote_string(row[4]);
  if (!row[5].empty()) text += " ICU_RULES " + sql::quote_string(row[5]);
  return text;
}

}  // namespace

ScratchDatabase::ScratchDatabase(Handle maintenance) : maintenance_(std::move(maintenance)) {
  static std::atomic<int> count = 0;
  drop_leftovers();
  const std::string name =
      rows_of(maintenance_.get(), name_query, description).at(0).at(0) + '_' + std::to_string(++count);
  command(maintenance_.get(), "CREATE DATABASE " + sql::quote_identifier(name) + creation(maintenance_.get()),
          description);
  name_ = name;
}

ScratchDatabase::~ScratchDatabase() {
  if (name_.empty()) return;
  // What cannot be dropped now is dropped with the leftovers.
  const Result ignored(PQexec(maintenance_.get(), ("DROP DATABASE " + sql::quote_identifier(name_)).c_str()));
}

void ScratchDatabase::drop_leftovers() {
  for (const std::vector<std::string>& row : rows_of(maintenance_.get(), leftovers_query, description)) {
    const Result ignored(PQexec(maintenance_.get(), ("DROP DATABASE " + sql::quote_identifier(row[0])).c_str()));
  }
}

Destinations ScratchDatabase::destinations() const {
  Destinations result = destinations_of(maintenance_.get());
  result.set("dbname", name_);
  return result;
}

}  // namespace whimbrel::dialect::postgres
