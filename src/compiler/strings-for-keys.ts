/**
 * How long strings are on kernels with short keys. Keys of maps have at most 512 bytes before Linux 5.19, and strings 1,024
 * unless the script says otherwise: everyday scripts, `@[str(args.filename)]`, would need a change for each old kernel. So
 * all strings of such a script get shorter, with a warning. Kernels with long keys are not asked anything for this.
 */
import type { Diagnostic, Report } from '../../grammar/diagnostic.ts';
import { type Config, options } from '../config/options.ts';
import type { TypedScript } from './check.ts';

/** Bytes with the NUL, the longest first: keys of two strings fit, and keys of several. */
const shorter = [200, 64];

export interface CheckedWith {
  readonly checked: TypedScript;
  /** With the length of strings that it was checked with. */
  readonly config: Config;
}

export function withStringsForKeys(
  config: Config,
  report: Report,
  checkWith: (config: Config) => TypedScript,
): CheckedWith {
  if (config.max_strlen !== options.max_strlen.default) return { checked: checkWith(config), config };
  let tooLong: Diagnostic | undefined;
  for (const max_strlen of [config.max_strlen, ...shorter]) {
    const tried = { ...config, max_strlen };
    const checked = report.attempt(
      () => checkWith(tried),
      ({ code }) => code === 'map-key-size',
    );
    if ('failedAt' in checked) {
      tooLong ??= checked.failedAt;
      continue;
    }
    if (tooLong !== undefined) warn(tooLong, max_strlen, report);
    return { checked, config: tried };
  }
  return { checked: checkWith(config), config };
}

function warn({ span }: Diagnostic, max_strlen: number, report: Report): void {
  report.warning(
    'strings-shortened',
    span,
    `keys of maps have at most 512 bytes on this kernel, so strings are read up to ${max_strlen - 1} bytes in this script`,
    { hint: `config = { max_strlen = ${max_strlen} } says that it is meant; larger keys need Linux 5.19` },
  );
}
