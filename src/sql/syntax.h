#pragma once

#include <string_view>

namespace whimbrel::sql {

/// How a database spells its tokens: what the lexer reads and the writer writes. Each dialect says its own; there is
/// none for all databases, since what is a string in one is a name, a comment or an operator in another.
struct Syntax {
  /// The marks that a quoted name can begin with, `[` with its `]`. The first is written.
  std::string_view name_quotes = "\"";
  /// The marks that a string can begin with. The first is written.
  std::string_view string_quotes = "'";
  bool has_backslash_escapes = false;  ///< In each string, a backslash takes the next character with it.
  bool has_escape_strings = false;     ///< E'...': in such a string, it does.
  bool has_dollar_strings = false;     ///< $$...$$ and $tag$...$tag$.
  /// The marks that a parameter can begin with: ? alone or with a number, others with a word.
  std::string_view parameter_marks = "?";
  bool has_numbered_placeholders = false;  ///< What is written for the second parameter is $2, else ?.
  bool has_hash_comments = false;          ///< # begins one, which ends with the line.
  bool has_nested_comments = false;        ///< /* a /* b */ c */ is one.
  bool dashes_need_space = false;          ///< A -- begins a comment only before white space.
  bool has_conditional_comments = false;   ///< /*!80000 ... */ is none: what is in it is read.
};

}  // namespace whimbrel::sql
