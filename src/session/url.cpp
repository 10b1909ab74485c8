#include "session/url.h"

#include <algorithm>
#include <cctype>

#include "dialect/dialect.h"
#include "dialect/url.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::session {

namespace {

// A letter, then letters, digits, `+`, `-`, `.`: https://www.rfc-editor.org/rfc/rfc3986#section-3.1
bool is_scheme(std::string_view text) {
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  const auto is_inner = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  };
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), is_inner);
}

std::string known_schemes(const Drivers& drivers) {
  std::string schemes;
  for (const Driver* driver : drivers) {
    for (const char* const* scheme = driver->schemes; *scheme != nullptr; ++scheme) {
      schemes += (schemes.empty() ? "" : ", ") + std::string(*scheme) + ':';
    }
  }
  return schemes;
}

/// Says what to link for the scheme of a database whose driver the program does not have.
std::string missing_driver_remedy(const Drivers& drivers, std::string_view scheme) {
  const std::string component(dialect::component_of(scheme));
  if (component.empty()) {
    return "The known schemes are: " + known_schemes(drivers) +
           ". For another one, link its driver, for example whimbrel::sqlite.";
  }
  std::string components;
  for (const Driver* driver : drivers) components += std::string(dialect::component_of(driver->schemes[0])) + ' ';
  return "Link whimbrel::" + component + ": find_package(whimbrel CONFIG REQUIRED COMPONENTS " + components +
         component + ").";
}

}  // namespace

const Driver& find_driver(const Drivers& drivers, std::string_view url) {
  const std::string schemes = known_schemes(drivers);
  if (schemes.empty()) {
    throw Error(ErrorKind::usage, "The program has no database driver.")
        .with_remedy(
            "Link the target of a database, for example whimbrel::sqlite; a program that is not built with CMake lists "
            "its drivers in DataSourceOptions::drivers.");
  }
  if (url.empty()) {
    throw Error(ErrorKind::usage, "There is no database URL.")
        .with_remedy(
            "Set DataSourceOptions::url, or pass --url on the command line: sqlite:app.db, postgresql://host/app.");
  }
  const std::size_t colon = url.find(':');
  const std::string_view scheme = url.substr(0, colon);
  if (colon == std::string_view::npos || !is_scheme(scheme)) {
    throw Error(ErrorKind::usage,
                "The database URL \"" + dialect::without_password(url) + "\" does not begin with a scheme.")
        .with_remedy("Put one of these before it: " + schemes + '.');
  }
  for (const Driver* driver : drivers) {
    for (const char* const* known = driver->schemes; *known != nullptr; ++known) {
      if (sql::equal_ignoring_case(scheme, *known)) return *driver;
    }
  }
  throw Error(ErrorKind::usage,
              "The program has no driver for the database URL \"" + dialect::without_password(url) + "\".")
      .with_remedy(missing_driver_remedy(drivers, scheme));
}

}  // namespace whimbrel::session
