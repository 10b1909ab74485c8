#include "dialect/mysql/client/native.h"

#include <mysql.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "dialect/mysql/text/error_code.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

const char* null_if_empty(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

/// The options that are passed to the client library as text.
constexpr std::pair<const char*, mysql_option> text_options[] = {
    {"ssl-ca", MYSQL_OPT_SSL_CA},
    {"ssl-capath", MYSQL_OPT_SSL_CAPATH},
    {"ssl-cert", MYSQL_OPT_SSL_CERT},
    {"ssl-key", MYSQL_OPT_SSL_KEY},
    {"ssl-crl", MYSQL_OPT_SSL_CRL},
    {"ssl-cipher", MYSQL_OPT_SSL_CIPHER},
    {"tls-version", MARIADB_OPT_TLS_VERSION},
    {"plugin-dir", MYSQL_PLUGIN_DIR},
    {"defaults-file", MYSQL_READ_DEFAULT_FILE},
    {"defaults-group", MYSQL_READ_DEFAULT_GROUP},
};

void set_options(MYSQL* connection, const Destination& destination) {
  mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &destination.connect_timeout);
  // A server could ask for any file of this machine.
  const unsigned int no_local_files = 0;
  mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &no_local_files);
  mysql_optionsv(connection, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "whimbrel");
  for (const auto& [name, option] : text_options) {
    const auto found = destination.files.find(name);
    if (found != destination.files.end()) mysql_options(connection, option, found->second.c_str());
  }
  // Every value of a protocol other than that of the platform has to be named.
  const unsigned int protocol = destination.is_tcp && destination.socket.empty() ? MYSQL_PROTOCOL_TCP
                                : destination.socket.empty()                     ? MYSQL_PROTOCOL_DEFAULT
                                                                                 : MYSQL_PROTOCOL_SOCKET;
  mysql_options(connection, MYSQL_OPT_PROTOCOL, &protocol);
  const bool is_required = destination.tls == TlsMode::required || destination.tls == TlsMode::verified;
  const my_bool wants_tls = is_required || (destination.tls == TlsMode::preferred && !destination.is_local()) ? 1 : 0;
  const my_bool verifies = destination.tls == TlsMode::verified ? 1 : 0;
  mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &wants_tls);
  mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verifies);
}

ConnectionTarget target_of(MYSQL* connection, const Destination& destination) {
  const std::string user = destination.user.empty() ? text_or_empty(connection->user) : destination.user;
  return {describe(destination, destination.title), destination.database, '\'' + user + "'@'...'",
          destination.is_local() ? text_or_empty(connection->unix_socket) + " " : "",
          destination.tls == TlsMode::disabled};
}

/// The client library falls back to a connection without TLS if the server has none.
void require_tls(MYSQL* connection, const Destination& destination) {
  if (destination.tls != TlsMode::required && destination.tls != TlsMode::verified) return;
  if (mysql_get_ssl_cipher(connection) != nullptr) return;
  throw connection_error({error_code::tls_failed, "the server has no TLS, which the URL requires"},
                         target_of(connection, destination));
}

}  // namespace

void CloseConnection::operator()(st_mysql* connection) const {
  if (owned) mysql_close(connection);
}
void CloseStatement::operator()(st_mysql_stmt* statement) const { mysql_stmt_close(statement); }
void FreeResult::operator()(st_mysql_res* result) const { mysql_free_result(result); }

Handle connect(const Destination& destination) {
  Handle handle(mysql_init(nullptr));
  if (handle == nullptr) throw Error(ErrorKind::connection, "Out of memory for a connection.");
  set_options(handle.get(), destination);
  const MYSQL* const connected =
      mysql_real_connect(handle.get(), null_if_empty(destination.host), null_if_empty(destination.user),
                         null_if_empty(destination.password), null_if_empty(destination.database), destination.port,
                         null_if_empty(destination.socket), CLIENT_MULTI_RESULTS);
  if (connected == nullptr) throw connection_error(read_error(handle.get()), target_of(handle.get(), destination));
  require_tls(handle.get(), destination);
  return handle;
}

Destination destination_of(st_mysql* connection) {
  Destination destination;
  destination.host = text_or_empty(connection->host);
  destination.port = connection->unix_socket == nullptr ? connection->port : 0;
  destination.user = text_or_empty(connection->user);
  destination.password = text_or_empty(connection->passwd);
  destination.database = text_or_empty(connection->db);
  destination.socket = text_or_empty(connection->unix_socket);
  destination.is_tcp = connection->unix_socket == nullptr;
  destination.tls = mysql_get_ssl_cipher(connection) == nullptr ? TlsMode::disabled : TlsMode::required;
  for (const auto& [name, option] : text_options) {
    char* value = nullptr;
    if (option == MYSQL_READ_DEFAULT_FILE || option == MYSQL_READ_DEFAULT_GROUP) continue;
    if (mysql_get_optionv(connection, option, &value) == 0 && value != nullptr) destination.files[name] = value;
  }
  my_bool verifies = 0;
  if (mysql_get_optionv(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verifies) == 0 && verifies != 0 &&
      destination.tls == TlsMode::required) {
    destination.tls = TlsMode::verified;
  }
  return destination;
}

ServerError read_error(st_mysql* connection) {
  ServerError error{static_cast<int>(mysql_errno(connection)), text_or_empty(mysql_error(connection))};
  if (error.message.empty()) error.message = "unknown error " + std::to_string(error.code);
  return error;
}

std::vector<TextRow> rows_of(st_mysql* connection, const std::string& sql, const Situation& situation) {
  if (mysql_real_query(connection, sql.data(), static_cast<unsigned long>(sql.size())) != 0) {
    throw statement_error(read_error(connection), situation, sql);
  }
  const ResultHandle result(mysql_store_result(connection));
  if (result == nullptr) {
    if (mysql_errno(connection) != 0) throw statement_error(read_error(connection), situation, sql);
    return {};
  }
  std::vector<TextRow> rows;
  const unsigned int columns = mysql_num_fields(result.get());
  while (MYSQL_ROW values = mysql_fetch_row(result.get())) {
    const unsigned long* const lengths = mysql_fetch_lengths(result.get());
    TextRow& row = rows.emplace_back();
    for (unsigned int i = 0; i < columns; ++i) {
      row.push_back(values[i] == nullptr ? std::optional<std::string>() : std::string(values[i], lengths[i]));
    }
  }
  return rows;
}

bool kill_query(Destination destination, unsigned long long session) noexcept {
  try {
    destination.connect_timeout = std::min(destination.connect_timeout, 5U);
    destination.database.clear();
    const Handle handle = connect(destination);
    static_cast<void>(rows_of(handle.get(), "KILL QUERY " + std::to_string(session), {}));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

ServerIdentity read_identity(const std::string& version, const std::string& comment, const std::string& name) {
  ServerIdentity identity;
  const auto says = [](const std::string& text, const std::string& word) {
    return sql::to_lower(text).find(word) != std::string::npos;
  };
  identity.is_mariadb = says(version, "mariadb") || says(comment, "mariadb");
  // Older clients refuse a server whose version does not begin with 5.
  const bool has_prefix = identity.is_mariadb && version.starts_with("5.5.5-");
  const char* text = version.c_str() + (has_prefix ? 6 : 0);
  long parts[3] = {};
  for (long& part : parts) {
    char* end = nullptr;
    part = std::strtol(text, &end, 10);
    if (end == text) break;
    text = *end == '.' ? end + 1 : end;
    if (*end != '.') break;
  }
  identity.version = static_cast<int>(parts[0] * 10000 + parts[1] * 100 + parts[2]);
  const bool is_other = says(version, "tidb") || says(version, "singlestore") || says(version, "vitess");
  if (!is_other && identity.version >= (identity.is_mariadb ? 100600 : 80000)) return identity;
  throw Error(ErrorKind::connection, "The server of the " + name + " is " +
                                         (identity.is_mariadb ? "MariaDB "
                                          : is_other          ? ""
                                                              : "MySQL ") +
                                         version + '.')
      .with_remedy("whimbrel needs MariaDB 10.6 or later, or MySQL 8.0 or later.");
}

}  // namespace whimbrel::dialect::mysql
