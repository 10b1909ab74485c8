#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "whimbrel/model.h"

/// Who owns the objects of a database, and what roles may do with them.
namespace whimbrel::model {

/// A privilege of a role.
struct Grant {
  std::string role;        ///< Empty: PUBLIC, which is every role.
  std::string privilege;   ///< As GRANT names it: `SELECT`.
  bool grantable = false;  ///< If true, the role may grant it to others.
  std::string grantor;     ///< The role that granted it.
  bool operator==(const Grant&) const = default;
};

/// An object with its owner and the privileges that roles have on it.
struct OwnedObject {
  std::string kind;      ///< As the database names it: `MATERIALIZED VIEW`.
  Name name;             ///< With everything that identifies it. A schema has only the part `schema`.
  std::string target;    ///< Its name in statements; empty: `name`, in quotes.
  std::string owner;     ///< Empty: unknown.
  bool follows = false;  ///< If true, its owner is always that of another object.
  /// None: those that the database gives by itself.
  std::optional<std::vector<Grant>> grants;
  std::map<std::string, std::vector<Grant>> columns;  ///< The privileges on each of its columns.
  bool operator==(const OwnedObject&) const = default;
};

/// The privileges on the objects that a role will create.
struct DefaultPrivileges {
  std::string role;
  std::string kind;                   ///< Of the objects, as GRANT names them: `TABLES`.
  std::optional<std::string> schema;  ///< The only schema in which they apply; none: they apply in all.
  std::string target;                 ///< The name of the schema in statements.
  std::vector<Grant> grants;          ///< In all schemas: all that an object gets; in a schema: what it also gets.
  bool operator==(const DefaultPrivileges&) const = default;
};

/// The privileges that the database itself gives on a new object.
struct InitialPrivileges {
  std::vector<std::string> owner;      ///< To its owner: all that exist.
  std::vector<std::string> everybody;  ///< To PUBLIC.
};

/// The owners and privileges of a database.
struct Privileges {
  std::vector<OwnedObject> objects;
  /// None: unknown.
  std::optional<std::vector<DefaultPrivileges>> defaults;
  std::map<std::string, InitialPrivileges> initial;  ///< By the kind of an object as GRANT names it: `TABLE`.
  std::string reader;  ///< The role that read them. It stands for unknown owners in grants.
};

}  // namespace whimbrel::model
