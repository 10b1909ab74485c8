#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect::mysql {

/// Returns a statement of SHOW CREATE for a view, a function, a procedure or an event without the options that are the
/// default: ALGORITHM=UNDEFINED, SQL SECURITY DEFINER, and the definer if it is `user`, `root@localhost`.
[[nodiscard]] std::string plain_statement(std::string_view shown, const std::string& user);

/// Returns the statement after FOR EACH ROW and FOLLOWS or PRECEDES in one of SHOW CREATE TRIGGER.
[[nodiscard]] std::string trigger_body(std::string_view shown);

/// Returns `DEFINER=`name`@`host` ` for `name@host`; empty if it is `user`.
[[nodiscard]] std::string definer_text(const std::string& definer, const std::string& user);

}  // namespace whimbrel::dialect::mysql
