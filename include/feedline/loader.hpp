#pragma once

// All that a program needs to have its batches prepared.

#include <feedline/loader/loader.hpp>
#include <feedline/loader/loader_plan.hpp>
