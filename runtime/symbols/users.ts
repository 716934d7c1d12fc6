/**
 * User names by uid, from /etc/passwd (passwd(5)), read at the first question. Users known elsewhere (LDAP) have
 * none.
 */
import type { HostFiles } from '../../src/world/host-files.ts';

export function userNames(files: HostFiles): (uid: bigint) => string | undefined {
  let names: ReadonlyMap<bigint, string> | undefined;
  return (uid) => {
    names ??= readPasswd(files.read('/etc/passwd'));
    return names.get(uid);
  };
}

/** The first line of a uid counts, as for getpwuid(3). Names are byte strings. */
function readPasswd(bytes: Uint8Array | undefined): ReadonlyMap<bigint, string> {
  const names = new Map<bigint, string>();
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name === undefined || uid === undefined || !/^\d+$/.test(uid)) continue;
    const id = BigInt(uid);
    if (!names.has(id)) names.set(id, name);
  }
  return names;
}
