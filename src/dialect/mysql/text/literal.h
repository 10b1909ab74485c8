#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Literals and expressions as the servers report them.
namespace whimbrel::dialect::mysql {

/// Returns the literal as MariaDB reports it: `'it''s'`, `'back\\slash'`, `'two\nlines'`.
[[nodiscard]] std::string quote_text(std::string_view text);

/// Returns whether the text is a number in SQL, with or without a sign: `-1.5e300`.
[[nodiscard]] bool is_number(std::string_view text);

/// Returns whether the expression is one literal: a string, a number with or without a sign, NULL, `b'01'` or `0x1F`.
[[nodiscard]] bool is_literal(std::string_view expression);

/// Returns whether the expression is CURRENT_TIMESTAMP or one of its synonyms, with or without a precision.
[[nodiscard]] bool is_current_timestamp(std::string_view expression);

/// Returns the text without parentheses around the whole.
[[nodiscard]] std::string without_parentheses(std::string_view text);

/// Returns an expression as MySQL reports it in information_schema, `(`a` <> _utf8mb4\'x\')`, as SQL: `a` <> 'x'. The
/// introducer is what the server writes before each string of a connection that uses utf8mb4.
[[nodiscard]] std::string plain_expression(std::string_view reported);

/// Returns the text with UTF-8 that was taken for latin1 and encoded once more, as MySQL does with expressions in
/// information_schema, decoded. Other text is returned unchanged.
[[nodiscard]] std::string decoded_once(std::string_view text);

/// Returns a number in the notation of the servers: 0.0000000001, 1e20.
[[nodiscard]] std::string real_text(double value);

}  // namespace whimbrel::dialect::mysql
