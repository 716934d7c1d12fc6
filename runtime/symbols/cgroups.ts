/**
 * Paths of cgroup v2 ids. The id is the inode number of the group's directory, so an unknown id makes us walk the tree
 * below the mount; groups that are gone stay known from earlier walks.
 */
import type { HostFiles } from '../../src/world/host-files.ts';

/** Where cgroup2 is mounted: alone, or beside the old hierarchies. */
const mounts = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'] as const;

/** Path below the mount, with a leading slash; undefined when there is no such group. */
export function cgroupPaths(files: HostFiles): (id: bigint) => string | undefined {
  const paths = new Map<bigint, string>();
  const missing = new Set<bigint>();
  return (id) => {
    const known = paths.get(id);
    if (known !== undefined || missing.has(id)) return known;
    const mount = mounts.find((path) => files.stat(`${path}/cgroup.controllers`) !== undefined);
    if (mount !== undefined) walk(files, mount, '', paths);
    const found = paths.get(id);
    if (found === undefined) missing.add(id);
    return found;
  };
}

function walk(files: HostFiles, mount: string, path: string, paths: Map<bigint, string>): void {
  const folder = files.stat(mount + path);
  if (folder === undefined || folder.kind !== 'directory') return;
  paths.set(folder.inode, path === '' ? '/' : path);
  for (const name of files.list(mount + path) ?? []) {
    // Control files have a dot in their names (cpu.max); groups may too (user.slice), so only stat can tell.
    walk(files, mount, `${path}/${name}`, paths);
  }
}
