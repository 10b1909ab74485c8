#include "whimbrel/driver.h"

// A program whose list CMake generates has its own definition, so the linker never takes this one from the library. Do
// not add anything else to this file, or the linker would take it.
whimbrel::Drivers whimbrel::detail::linked_drivers() { return {}; }
