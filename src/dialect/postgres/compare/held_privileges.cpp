#include "dialect/postgres/compare/held_privileges.h"

namespace whimbrel::dialect::postgres {

namespace {

void change_role(Held& held, const std::string& from, const std::string& to) {
  Held changed;
  for (const auto& [key, is_grantable] : held) {
    bool& is_now_grantable = changed[{key.first == from ? to : key.first, key.second}];
    is_now_grantable = is_now_grantable || is_grantable;
  }
  held = std::move(changed);
}

void take_away(Held& held, const HeldDifference& change) {
  for (const auto& [key, is_grantable] : change.revoked) held.erase(key);
  for (const auto& [key, is_grantable] : change.kept_for_oneself) {
    if (const auto found = held.find(key); found != held.end()) found->second = false;
  }
}

}  // namespace

Held held_by(const std::vector<model::Grant>& grants) {
  Held held;
  for (const model::Grant& grant : grants) {
    bool& is_grantable = held[{grant.role, grant.privilege}];
    is_grantable = is_grantable || grant.grantable;
  }
  return held;
}

Held initially_held(const model::InitialPrivileges& initial, const std::string& owner) {
  Held held;
  for (const std::string& privilege : initial.everybody) held[{"", privilege}] = false;
  if (owner.empty()) return held;
  for (const std::string& privilege : initial.owner) held[{owner, privilege}] = false;
  return held;
}

std::set<std::string> roles_of(const Held& held) {
  std::set<std::string> roles;
  for (const auto& [key, is_grantable] : held) {
    if (!key.first.empty()) roles.insert(key.first);
  }
  return roles;
}

HeldDifference difference(const Held& from, const Held& to) {
  HeldDifference change;
  for (const auto& [key, is_grantable] : from) {
    const auto wanted = to.find(key);
    if (wanted == to.end()) {
      change.revoked.emplace(key, is_grantable);
    } else if (is_grantable && !wanted->second) {
      change.kept_for_oneself.emplace(key, true);
    }
  }
  for (const auto& [key, is_grantable] : to) {
    const auto found = from.find(key);
    if (found == from.end() || (is_grantable && !found->second)) change.granted.emplace(key, is_grantable);
  }
  return change;
}

void State::change_owner(const std::string& to) {
  change_role(held, owner, to);
  for (auto& [column, of_column] : columns) change_role(of_column, owner, to);
  if (grantors.erase(owner) > 0) grantors.insert(to);
  owner = to;
}

void State::revoke(const HeldDifference& change) {
  take_away(held, change);
  for (auto& [column, of_column] : columns) take_away(of_column, change);
}

bool State::has_other_grantors() const {
  return grantors.size() > 1 || (!grantors.empty() && *grantors.begin() != owner);
}

std::set<std::string> State::roles() const {
  std::set<std::string> roles = roles_of(held);
  for (const auto& [column, of_column] : columns) roles.merge(roles_of(of_column));
  return roles;
}

}  // namespace whimbrel::dialect::postgres
