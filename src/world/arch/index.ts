/** The tables by architecture. */
import type { Arch } from '../world.ts';
import type { ArchTable } from './arch-table.ts';
import { arm64 } from './arm64.ts';
import { x86_64 } from './x86_64.ts';

export type { ArchTable } from './arch-table.ts';

const tables: { readonly [A in Arch]: ArchTable } = { x86_64, arm64 };

export function archTable(arch: Arch): ArchTable {
  return tables[arch];
}
