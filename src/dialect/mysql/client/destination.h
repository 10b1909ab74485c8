#pragma once

#include <map>
#include <string>
#include <string_view>

namespace whimbrel::dialect::mysql {

/// How much the client insists on TLS.
enum class TlsMode {
  disabled,
  preferred,  ///< If the server has it. Not over a Unix socket.
  required,
  verified,  ///< The certificate must be valid and for this host.
};

/// The parameters of a connection, including the password. Empty ones are the client library's, which takes them from
/// an option file if one is named.
struct Destination {
  std::string title = "MariaDB";  ///< The database in messages, until the server says what it is.
  std::string host{};
  unsigned port = 0;
  std::string user{};
  std::string password{};
  std::string database{};
  std::string socket{};
  TlsMode tls = TlsMode::preferred;
  bool is_tcp = false;  ///< If true, localhost does not mean the Unix socket.
  unsigned connect_timeout = 10;
  std::map<std::string, std::string> files{};  ///< The other parameters of the URL: ssl-ca, defaults-file and so on.

  /// Returns whether the server is reached by a Unix socket.
  [[nodiscard]] bool is_local() const {
    return !socket.empty() || (!is_tcp && port == 0 && (host.empty() || host == "localhost"));
  }
};

/// Returns the parameters of a URL: mysql://user:password@host:port/database?parameter=value. Throws Error (usage).
[[nodiscard]] Destination read_url(const std::string& url);

/// Returns the database as display text.
[[nodiscard]] std::string describe(const Destination& destination, std::string_view title);

}  // namespace whimbrel::dialect::mysql
