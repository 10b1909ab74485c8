#pragma once

#include <string>
#include <string_view>

namespace whimbrel::write {

/// Appends the sentence as `//` comment lines. It cannot leave them, whatever names it quotes.
void append_comment(std::string& result, std::string_view sentence);

}  // namespace whimbrel::write
