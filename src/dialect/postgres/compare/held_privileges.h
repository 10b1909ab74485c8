#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/privileges.h"

namespace whimbrel::dialect::postgres {

/// A role and a privilege. The role is empty for PUBLIC.
using RolePrivilege = std::pair<std::string, std::string>;
/// The privileges that roles have on something, whoever granted them, and whether they may grant them to others.
using Held = std::map<RolePrivilege, bool>;

[[nodiscard]] Held held_by(const std::vector<model::Grant>& grants);
/// Returns what the server gives on a new object by itself. Of an unknown owner, whose name is empty, nothing is known.
[[nodiscard]] Held initially_held(const model::InitialPrivileges& initial, const std::string& owner);
/// Returns the roles in it, apart from PUBLIC.
[[nodiscard]] std::set<std::string> roles_of(const Held& held);

/// The way from some privileges to others.
struct HeldDifference {
  Held revoked;
  Held kept_for_oneself;  ///< The right to grant these is revoked.
  Held granted;
  [[nodiscard]] bool empty() const { return revoked.empty() && kept_for_oneself.empty() && granted.empty(); }
};

[[nodiscard]] HeldDifference difference(const Held& from, const Held& to);

/// An object's owner and privileges as they are in effect.
struct State {
  std::string owner;  ///< Empty: unknown.
  Held held;
  std::map<std::string, Held> columns;
  std::set<std::string> grantors;

  /// Makes the change that the server makes with the owner: the privileges of the old owner become the new one's.
  void change_owner(const std::string& to);
  /// Revokes from the whole object, which the server also does from its columns.
  void revoke(const HeldDifference& change);
  /// Returns whether a role other than the owner granted something, which only that role can revoke directly.
  [[nodiscard]] bool has_other_grantors() const;
  /// Returns the roles that have privileges on it or on one of its columns, apart from PUBLIC.
  [[nodiscard]] std::set<std::string> roles() const;
};

}  // namespace whimbrel::dialect::postgres
