#include "dialect/mysql/client/destination.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

#include "dialect/url.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

constexpr const char* form =
    "Use mysql://user:password@host:port/database?parameter=value. Percent-encode special characters (%40 for @, %2F "
    "for "
    "a slash, %25 for %).";

/// The parameters that name files and are passed to the client library.
constexpr auto file_parameters =
    std::to_array<std::string_view>({"ssl-ca", "ssl-capath", "ssl-cert", "ssl-key", "ssl-crl", "ssl-cipher",
                                     "tls-version", "plugin-dir", "defaults-file", "defaults-group"});

constexpr const char* known_parameters =
    "The parameters are socket, protocol, connect-timeout, ssl-mode, ssl-ca, ssl-capath, ssl-cert, ssl-key, ssl-crl, "
    "ssl-cipher, tls-version, plugin-dir, defaults-file and defaults-group.";

/// A password must not get into a message, so parts of a URL that cannot be parsed are not quoted.
[[noreturn]] void refuse(const std::string& url, const std::string& problem, const std::string& remedy = form) {
  throw Error(ErrorKind::usage, "The database URL \"" + without_password(url) + "\" " + problem).with_remedy(remedy);
}

std::string decoded(std::string_view text, const std::string& url) {
  std::optional<std::string> result = percent_decoded(text);
  if (!result) refuse(url, "has a % without two hexadecimal digits.");
  if (result->find('\0') != std::string::npos) refuse(url, "has a NUL character.");
  return std::move(*result);
}

std::optional<unsigned> to_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

TlsMode read_tls_mode(std::string_view value, const std::string& url) {
  const std::string mode = sql::to_lower(value);
  if (mode == "disabled") return TlsMode::disabled;
  if (mode == "preferred") return TlsMode::preferred;
  if (mode == "required") return TlsMode::required;
  if (mode == "verify-identity") return TlsMode::verified;
  const char* const more = mode == "verify-ca" ? " The client library always checks the host's name as well." : "";
  refuse(url, "has an unknown ssl-mode.", std::string("Use disabled, preferred, required or verify-identity.") + more);
}

/// Files are named by absolute paths, or below the home directory.
std::string in_home(const std::string& path) {
  const char* const home = std::getenv("HOME");
  return home != nullptr && path.starts_with("~/") ? home + path.substr(1) : path;
}

void read_parameter(Destination& destination, std::string_view text, const std::string& url) {
  const std::size_t equals = text.find('=');
  std::string key = sql::to_lower(decoded(text.substr(0, equals), url));
  std::replace(key.begin(), key.end(), '_', '-');
  const std::string value = equals == std::string_view::npos ? "" : decoded(text.substr(equals + 1), url);
  if (key == "socket") {
    destination.socket = in_home(value);
  } else if (key == "protocol") {
    const std::string protocol = sql::to_lower(value);
    if (protocol != "tcp" && protocol != "socket") refuse(url, "has an unknown protocol.", "Use tcp or socket.");
    destination.is_tcp = protocol == "tcp";
  } else if (key == "connect-timeout") {
    const std::optional<unsigned> seconds = to_number(value);
    if (!seconds) refuse(url, "has a connect-timeout that is not a number of seconds.");
    destination.connect_timeout = *seconds;
  } else if (key == "ssl-mode") {
    destination.tls = read_tls_mode(value, url);
  } else if (std::find(file_parameters.begin(), file_parameters.end(), key) != file_parameters.end()) {
    destination.files[key] = in_home(value);
  } else {
    refuse(url, "has an unknown parameter \"" + key + "\".", known_parameters);
  }
}

void read_parameters(Destination& destination, std::string_view text, const std::string& url) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    if (end > 0) read_parameter(destination, text.substr(0, end), url);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void read_host(Destination& destination, std::string_view text, const std::string& url) {
  std::string_view host = text;
  std::size_t colon = text.rfind(':');
  if (text.starts_with('[')) {
    const std::size_t closing = text.find(']');
    if (closing == std::string_view::npos) refuse(url, "has a [ without a ].");
    host = text.substr(1, closing - 1);
    colon = closing + 1 < text.size() ? closing + 1 : std::string_view::npos;
    if (colon != std::string_view::npos && text[colon] != ':') refuse(url, "has a host that cannot be parsed.");
  } else {
    host = text.substr(0, colon);
  }
  destination.host = decoded(host, url);
  if (colon == std::string_view::npos) return;
  const std::optional<unsigned> port = to_number(text.substr(colon + 1));
  if (!port || *port == 0 || *port > 65535) refuse(url, "has a port that is not a number up to 65535.");
  destination.port = *port;
  destination.is_tcp = true;
}

void read_authority(Destination& destination, std::string_view text, const std::string& url) {
  const std::size_t at = text.rfind('@');
  if (at != text.find('@')) {
    refuse(url, "has another @ after the one that ends the user's name and password.");
  }
  if (at != std::string_view::npos) {
    const std::string_view who = text.substr(0, at);
    const std::size_t colon = who.find(':');
    destination.user = decoded(who.substr(0, colon), url);
    if (colon != std::string_view::npos) destination.password = decoded(who.substr(colon + 1), url);
    text.remove_prefix(at + 1);
  }
  read_host(destination, text, url);
}

}  // namespace

Destination read_url(const std::string& url) {
  const std::string_view whole = url;
  const std::size_t colon = whole.find(':');
  if (colon == std::string_view::npos || whole.substr(colon, 3) != "://") {
    refuse(url, "is not a URL of MariaDB or MySQL.",
           "Write two slashes after the scheme: mysql://user@host:3306/database.");
  }
  Destination destination;
  if (sql::equal_ignoring_case(whole.substr(0, colon), "mysql")) destination.title = "MySQL";
  std::string_view rest = whole.substr(colon + 3);
  if (rest.find('#') != std::string_view::npos) refuse(url, "has a #.", "Write %23 for a #.");
  const std::size_t question = rest.find('?');
  const std::string_view parameters = question == std::string_view::npos ? "" : rest.substr(question + 1);
  rest = rest.substr(0, question);
  const std::size_t slash = rest.find('/');
  read_authority(destination, rest.substr(0, slash), url);
  if (slash != std::string_view::npos) {
    const std::string_view path = rest.substr(slash + 1);
    // A password with an unescaped slash would become part of the database, which messages contain.
    if (path.find_first_of("/@") != std::string_view::npos) refuse(url, "has a / or an @ in the name of the database.");
    destination.database = decoded(path, url);
  }
  read_parameters(destination, parameters, url);
  return destination;
}

std::string describe(const Destination& destination, std::string_view title) {
  std::string text(title);
  text += destination.database.empty() ? " server" : " database \"" + destination.database + '"';
  const bool is_default_host = destination.is_local() || destination.host.empty() || destination.host == "localhost";
  if (!is_default_host) text += " on " + destination.host;
  if (destination.is_local() || destination.port == 0 || destination.port == 3306) return text;
  return text + (is_default_host ? " on port " : ":") + std::to_string(destination.port);
}

}  // namespace whimbrel::dialect::mysql
