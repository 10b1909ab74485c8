#include "dialect/postgres/generate/privilege_sql.h"

#include <algorithm>

#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

std::string quoted(const std::string& name) { return sql::quote_identifier(name, postgres_syntax); }

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// The same privileges of some roles.
struct Group {
  std::vector<std::string> privileges;
  bool is_grantable = false;
  std::vector<std::string> roles;  ///< As in SQL.
};

/// Puts together what one statement can say.
std::vector<Group> groups_of(const Held& held, bool by_option) {
  std::map<std::pair<std::string, bool>, std::vector<std::string>> by_role;
  for (const auto& [key, is_grantable] : held) by_role[{key.first, by_option && is_grantable}].push_back(key.second);
  std::vector<Group> groups;
  for (auto& item : by_role) {
    const auto& [role, is_grantable] = item.first;
    std::vector<std::string>& privileges = item.second;
    const auto found = std::find_if(groups.begin(), groups.end(), [&, option = is_grantable](const Group& group) {
      return group.is_grantable == option && group.privileges == privileges;
    });
    Group& group = found != groups.end() ? *found : groups.emplace_back(Group{std::move(privileges), is_grantable, {}});
    group.roles.push_back(role.empty() ? "PUBLIC" : quoted(role));
  }
  return groups;
}

/// `SELECT, UPDATE`, `ALL` or `SELECT ("a")`. The only privilege of a kind is named.
std::string privileges_text(const GrantTarget& target, std::vector<std::string> privileges) {
  std::vector<std::string> all = target.all;
  std::sort(all.begin(), all.end());
  if (all.size() > 1 && privileges == all) return "ALL";
  for (std::string& privilege : privileges) {
    if (!target.column.empty()) privilege += " (" + quoted(target.column) + ')';
  }
  return joined(privileges);
}

}  // namespace

void PrivilegeStatements::say(const GrantTarget& target, const std::string& sql, const std::string& words) {
  statements_.push_back({target.beginning + sql, words});
}

void PrivilegeStatements::change_owner(const std::string& sql, const std::string& words, const std::string& owner) {
  statements_.push_back({sql + " OWNER TO " + quoted(owner), "change the owner of " + words + " to " + quoted(owner)});
}

void PrivilegeStatements::revoke(const GrantTarget& target, const Held& revoked) {
  for (const Group& group : groups_of(revoked, false)) {
    const std::string privileges = privileges_text(target, group.privileges);
    const std::string from = " FROM " + joined(group.roles);
    say(target, "REVOKE " + privileges + " ON " + target.sql + from,
        "revoke " + privileges + " on " + target.words + " from " + joined(group.roles));
  }
}

void PrivilegeStatements::revoke_grant_option(const GrantTarget& target, const Held& held) {
  for (const Group& group : groups_of(held, false)) {
    const std::string privileges = privileges_text(target, group.privileges);
    say(target, "REVOKE GRANT OPTION FOR " + privileges + " ON " + target.sql + " FROM " + joined(group.roles),
        "revoke the right to grant " + privileges + " on " + target.words + " from " + joined(group.roles));
  }
}

void PrivilegeStatements::revoke_all(const GrantTarget& target, const std::set<std::string>& roles, bool cascade) {
  std::vector<std::string> names{"PUBLIC"};
  for (const std::string& role : roles) names.push_back(quoted(role));
  say(target, "REVOKE ALL ON " + target.sql + " FROM " + joined(names) + (cascade ? " CASCADE" : ""),
      "revoke ALL on " + target.words + " from " + joined(names));
}

void PrivilegeStatements::grant(const GrantTarget& target, const Held& granted) {
  for (const Group& group : groups_of(granted, true)) {
    const std::string privileges = privileges_text(target, group.privileges);
    const std::string to = joined(group.roles);
    const char* const option = group.is_grantable ? " WITH GRANT OPTION" : "";
    say(target, "GRANT " + privileges + " ON " + target.sql + " TO " + to + option,
        "grant " + privileges + " on " + target.words + " to " + to + (group.is_grantable ? " with grant option" : ""));
  }
}

void PrivilegeStatements::change(const GrantTarget& target, const HeldDifference& change) {
  revoke(target, change.revoked);
  revoke_grant_option(target, change.kept_for_oneself);
  grant(target, change.granted);
}

}  // namespace whimbrel::dialect::postgres
