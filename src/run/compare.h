#pragma once

#include "run/generate.h"

namespace whimbrel::run {

/// As generate(), within the work of another command.
[[nodiscard]] Generated compare(Session& session, const diff::Decisions& decisions);

}  // namespace whimbrel::run
