#pragma once

#include <memory>
#include <string>
#include <vector>

#include "change/generate.h"

/// Whole schemas, whoever made them: nothing is known of them but where they are.
namespace whimbrel::run {

/// A schema, and the connection to where it was read.
struct SchemaSource {
  const Driver* driver = nullptr;
  std::unique_ptr<dialect::Connection> connection;
  std::unique_ptr<const dialect::Dialect> dialect;  ///< For the connection's server.
  model::Schema schema;
  std::vector<std::string> not_modelled;  ///< What is there besides, in words.
};

/// Reads a database. Throws Error (connection) if it is not there.
[[nodiscard]] SchemaSource read_database(const Drivers& drivers, const std::string& url);

/// Runs a file of SQL in an empty scratch database, made where `scratch_url` is, and reads what it made. Throws Error
/// (file, statement).
[[nodiscard]] SchemaSource read_script(const Driver& driver, const std::string& scratch_url, const std::string& path);

/// Leaves out what is in none of these schemas of the database. Throws Error (usage) for one in which nothing is.
void keep_schemas(const std::vector<SchemaSource*>& sources, const std::vector<std::string>& names);

/// The way from one whole schema to the other: what is only in `from` is dropped. Throws Error (usage) when they are
/// of different kinds of databases.
[[nodiscard]] Generated compare_whole(const SchemaSource& from, const SchemaSource& to,
                                      const diff::Decisions& decisions);

/// What makes the schema in an empty database, and what drops it.
[[nodiscard]] Generated create_whole(const SchemaSource& source);

}  // namespace whimbrel::run
