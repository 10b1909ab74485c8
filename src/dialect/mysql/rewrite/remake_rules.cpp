#include "dialect/mysql/rewrite/remake_rules.h"

namespace whimbrel::dialect::mysql {

// Views and triggers find what they use by name. Both sides of a foreign key must have the same type at all times.
bool MysqlRules::must_remake(const plan::Dependent& dependent, plan::Change change) const {
  using plan::Change;
  using plan::DependentKind;
  switch (dependent.kind) {
    case DependentKind::foreign_key:
      return true;
    case DependentKind::unique:
    case DependentKind::check:
    case DependentKind::index:
    case DependentKind::computed:
    case DependentKind::default_value:
      return change == Change::made_anew;
    case DependentKind::exclusion:
    case DependentKind::trigger:
    case DependentKind::view:
    case DependentKind::object:
      break;
  }
  return false;
}

}  // namespace whimbrel::dialect::mysql
