/** The clock for intervals of the program itself. */

/**
 * Milliseconds since this process started, with fractions, monotonic. Not performance.now(): the module behind it takes
 * Node 4 ms to load.
 */
export function uptimeMs(): number {
  return process.uptime() * 1000;
}
