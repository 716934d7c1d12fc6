/*
 * Callbacks for walks over maps.
 */
#ifndef EBTRACE_MAPS_H
#define EBTRACE_MAPS_H

#include "ebtrace.h"
#include "loop.h"

NOINLINE long eb_count_element(void *map, const void *key, void *value, u64 *count)
{
	(*count)++;
	return 0;
}

#endif
