/**
 * The script's C (preamble, `--include`, imported headers) -> Definitions, through clang: types come out of the BTF of an
 * object made of the preamble, macros out of `clang -E -dM`. There is no second C parser.
 */
import type { CDefinition } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { ImportedFile } from '../compiler/load-imports.ts';
import { type Definitions, noDefinitions } from '../world/definitions.ts';
import type { World } from '../world/world.ts';
import type { Clang } from './clang.ts';

export interface CSource {
  readonly preamble: readonly CDefinition[];
  /** `--include FILE`, in order. */
  readonly includeFiles: readonly string[];
  /** `-I DIR`, in order. */
  readonly includeFolders: readonly string[];
  readonly headers: readonly ImportedFile[];
  readonly objects: readonly ImportedFile[];
}

export function hasC(c: CSource): boolean {
  return c.preamble.length + c.includeFiles.length + c.headers.length + c.objects.length > 0;
}

export async function readDefinitions(c: CSource, _world: World, _clang: Clang, report: Report): Promise<Definitions> {
  for (const definition of c.preamble) {
    report.error('preamble-unavailable', definition.span, 'C definitions are not available in this version of ebtrace');
  }
  return noDefinitions;
}
