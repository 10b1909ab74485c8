#pragma once

#include <string_view>

namespace whimbrel::sql {

/// The tokens of a database, for the lexer and the writer. Each dialect has its own: a string in one database can be a
/// name, a comment or an operator in another.
struct Syntax {
  /// The characters that can begin a quoted name; `[` is closed by `]`. The first is used for writing.
  std::string_view name_quotes = "\"";
  /// The characters that can begin a string. The first is used for writing.
  std::string_view string_quotes = "'";
  bool has_backslash_escapes = false;  ///< In all strings, a backslash escapes the next character.
  bool has_escape_strings = false;     ///< E'...': a backslash escapes in such a string.
  bool has_dollar_strings = false;     ///< $$...$$ and $tag$...$tag$.
  /// The characters that can begin a parameter: ? alone or with a number, others with a word.
  std::string_view parameter_marks = "?";
  bool has_numbered_placeholders = false;  ///< The second parameter is written as $2 instead of ?.
  bool has_hash_comments = false;          ///< # begins a comment to the end of the line.
  bool has_nested_comments = false;        ///< /* a /* b */ c */ is a single comment.
  bool dashes_need_space = false;          ///< -- begins a comment only before white space.
  bool has_conditional_comments = false;   ///< The content of /*!80000 ... */ is parsed, not skipped.
};

}  // namespace whimbrel::sql
