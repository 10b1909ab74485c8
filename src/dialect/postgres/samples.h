#pragma once

#include "dialect/samples.h"

namespace whimbrel::dialect::postgres {

/// The one object; it has no state.
[[nodiscard]] const Samples& samples();

}  // namespace whimbrel::dialect::postgres
