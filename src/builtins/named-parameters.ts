/**
 * Named parameters of a script: what the command line gives (`-- --name=value`) and what the script asks for with
 * getopt(). The checker has one of these for the whole script, so that all uses of a name agree and options that nobody
 * asks for are noticed.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import { parseInteger } from '../../grammar/integer.ts';
import type { Span } from '../../grammar/source.ts';

export type NamedValue = bigint | string | boolean;

/** A getopt() call. */
export interface NamedUse {
  readonly name: string;
  readonly fallback: NamedValue;
  readonly description: string | undefined;
  readonly span: Span;
}

export class NamedParameters {
  readonly #given: ReadonlyMap<string, string | true>;
  readonly #uses = new Map<string, NamedUse>();

  constructor(given: ReadonlyMap<string, string | true> = new Map()) {
    this.#given = given;
  }

  /** Value of the parameter; undefined after a report. */
  value(use: NamedUse, report: Report): NamedValue | undefined {
    if (!this.#agrees(use, report)) return undefined;
    const given = this.#given.get(use.name);
    if (given === undefined) return use.fallback;
    const value = read(given, use.fallback);
    if (typeof value !== 'object') return value;
    const shown = given === true ? `--${use.name}` : `--${use.name}=${given}`;
    report.error('getopt-value', undefined, `bad program option ${shown}: ${value.problem}`, {
      hint: `it is used like this: ${describe(use)}`,
    });
    return undefined;
  }

  /**
   * Tells about options that the script does not have; that also lists those it has, for `-- --help`. `mayBeUsed` knows of
   * code that was not checked.
   */
  reportUnexpected(report: Report, mayBeUsed: (name: string) => boolean): void {
    const unexpected = [...this.#given.keys()].filter((name) => !this.#uses.has(name) && !mayBeUsed(name));
    if (unexpected.length === 0) return;
    const names = unexpected.map((name) => `--${name}`).join(', ');
    const known = [...this.#uses.values()].map((use) => `\n  ${describe(use)}`).join('');
    report.error('getopt-unexpected', undefined, `unexpected program option: ${names}`, {
      hint: known === '' ? 'the script has no options' : `the script has these options:${known}`,
    });
  }

  #agrees(use: NamedUse, report: Report): boolean {
    const first = this.#uses.get(use.name);
    if (first === undefined || (first.description === undefined && first.fallback === use.fallback)) {
      this.#uses.set(use.name, use);
      return true;
    }
    const differs = first.fallback !== use.fallback;
    if (!differs && (use.description === undefined || use.description === first.description)) return true;
    report.error(
      'getopt-differs',
      use.span,
      differs
        ? `option '${use.name}' has the default ${show(use.fallback)} here and ${show(first.fallback)} elsewhere`
        : `option '${use.name}' has another description elsewhere`,
      { related: [{ message: 'the other use is here', span: first.span }], hint: 'put getopt() into a macro' },
    );
    return false;
  }
}

type Problem = { readonly problem: string };

function read(given: string | true, fallback: NamedValue): NamedValue | Problem {
  if (typeof fallback === 'boolean') {
    return given === true ? true : (booleans.get(given.toLowerCase()) ?? { problem: 'the value is true or false' });
  }
  if (given === true) return { problem: 'its value is missing' };
  return typeof fallback === 'string' ? given : readInteger(given, fallback < 0n ? 1n << 63n : 1n << 64n);
}

/** Negative values of an option that has none by default wrap around, as a cast does. */
function readInteger(given: string, end: bigint): bigint | Problem {
  const isNegative = given.startsWith('-');
  const integer = parseInteger(isNegative ? given.slice(1) : given);
  if ('problem' in integer) return { problem: integer.problem };
  const value = isNegative ? -integer.value : integer.value;
  if (value >= end || value < -(1n << 63n))
    return { problem: `the value is out of range, ${-(1n << 63n)} to ${end - 1n}` };
  return end === 1n << 64n ? BigInt.asUintN(64, value) : value;
}

const booleans = new Map<string, boolean>([
  ...['1', 'true', 'on', 'yes'].map((word) => [word, true] as const),
  ...['0', 'false', 'off', 'no'].map((word) => [word, false] as const),
]);

function describe({ name, fallback, description }: NamedUse): string {
  const value = typeof fallback === 'boolean' ? '[=BOOL]' : typeof fallback === 'bigint' ? '=INTEGER' : '=TEXT';
  const what = description === undefined || description === '' ? '' : `  ${description}`;
  return `--${name}${value}${what} (default ${show(fallback)})`;
}

function show(value: NamedValue): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
