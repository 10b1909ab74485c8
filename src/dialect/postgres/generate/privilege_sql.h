#pragma once

#include <set>
#include <string>
#include <vector>

#include "dialect/postgres/compare/held_privileges.h"
#include "sql/statement.h"

namespace whimbrel::dialect::postgres {

/// What privileges are granted on.
struct GrantTarget {
  std::string sql;                 ///< `TABLE "t"`
  std::string words;               ///< Display text: `table "t"`
  std::string column{};            ///< Empty: the whole.
  std::string beginning{};         ///< Of every statement: `ALTER DEFAULT PRIVILEGES FOR ROLE "r" `
  std::vector<std::string> all{};  ///< All privileges of its kind, which are written as ALL; empty: unknown.
};

/// The statements that change owners and privileges.
class PrivilegeStatements {
 public:
  /// `ALTER TABLE "t" OWNER TO "r"`; the words are those of the object.
  void change_owner(const std::string& sql, const std::string& words, const std::string& owner);
  void revoke(const GrantTarget& target, const Held& revoked);
  void revoke_grant_option(const GrantTarget& target, const Held& held);
  /// Revokes everything from PUBLIC and the roles. `cascade`: if true, also what they granted to others.
  void revoke_all(const GrantTarget& target, const std::set<std::string>& roles, bool cascade);
  void grant(const GrantTarget& target, const Held& granted);
  /// Revokes and grants.
  void change(const GrantTarget& target, const HeldDifference& change);

  [[nodiscard]] std::vector<sql::Statement> take() { return std::move(statements_); }

 private:
  void say(const GrantTarget& target, const std::string& sql, const std::string& words);

  std::vector<sql::Statement> statements_;
};

}  // namespace whimbrel::dialect::postgres
