/**
 * The kernel's list format for CPU sets, as in /sys/devices/system/cpu/online: `0-3,5` (Documentation/core-api, "%*pbl").
 */

/**
 * The numbers of the list, ascending and without repeats. Empty for an empty list and for text that is not a list, so
 * that a caller has to treat "no CPUs" as "not known".
 */
export function parseCpuList(text: string): readonly number[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const cpus = new Set<number>();
  for (const part of trimmed.split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (range === null) return [];
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}
