/** Checks on the parts of an attach point that several probe kinds share, so that all kinds say them alike. */
import type { Report } from '../../grammar/diagnostic.ts';
import { parseInteger } from '../../grammar/integer.ts';
import type { AttachArgs, AttachPart } from './probe-kind.ts';

/** True when the attach point has one of the `allowed` numbers of parts behind its provider; reports when not. */
export function hasPartCount(
  args: AttachArgs,
  allowed: readonly number[],
  syntax: readonly string[],
  report: Report,
): boolean {
  if (allowed.includes(args.parts.length)) return true;
  const wanted = allowed.join(' or ');
  const noun = wanted === '1' ? 'part' : 'parts';
  report.error(
    'probe-parts',
    args.span,
    `${args.provider} takes ${wanted === '0' ? 'no parts' : `${wanted} ${noun} after its name`}, got ${args.parts.length}`,
    { hint: `Write ${syntax.map((form) => `'${form}'`).join(' or ')}.` },
  );
  return false;
}

export interface Count {
  readonly value: bigint;
  /** Had a unit of time of its own; `value` is nanoseconds then. */
  readonly isDuration: boolean;
}

/** The number that a part is, in any form of an integer literal; reports when it is none, with `hint` where that helps. */
export function readCount(part: AttachPart, report: Report, hint?: string): Count | undefined {
  const result = parseInteger(part.text);
  if ('problem' in result) {
    report.error('probe-number', part.span, `'${part.text}' is no number: ${result.problem}`, { hint });
    return undefined;
  }
  // Hexadecimal numbers take no suffix, their last `d` is a digit.
  const isDuration = !/^0x/i.test(part.text) && /(ns|us|ms|s|m|h|d)$/.test(part.text);
  return { value: result.value, isDuration };
}
