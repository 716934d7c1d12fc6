/**
 * Takes the raw text of an attach point apart: `name=provider:part:part`. First step of match-probes.ts; the parts are
 * then given to the probe kinds. Rules: probes-and-stdlib.md section 1.
 */
import type { AttachPoint } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import { findProvider } from './index.ts';
import type { AttachArgs, AttachPart, ProbeKind } from './probe-kind.ts';

export interface ResolvedAttachPoint {
  readonly kind: ProbeKind;
  readonly args: AttachArgs;
  /** The provider was a wildcard: a kind that the parts do not fit, or that has no match, is passed over in silence. */
  readonly tentative: boolean;
}

/** The kinds that the attach point names, several for a wildcard; none after an error, which is reported. */
export function resolveAttachPoint(
  point: AttachPoint,
  positionals: readonly string[],
  report: Report,
  unsafe = false,
): readonly ResolvedAttachPoint[] {
  const characters = readCharacters(point, positionals, report);
  if (characters === undefined) return [];
  const [provider, ...parts] = splitParts(characters, point.span);
  if (provider === undefined) return [];
  const word = withoutUserName(provider.text);
  const args = (kind: ProbeKind): AttachArgs => ({
    provider: kind.name,
    parts,
    text: characters.map((character) => character.text).join(''),
    span: point.span,
    unsafe,
  });
  const lookup = findProvider(word);
  switch (lookup.found) {
    case 'kind':
      return [{ kind: lookup.kind, args: args(lookup.kind), tentative: false }];
    case 'several':
      return lookup.kinds.map((kind) => ({ kind, args: args(kind), tentative: true }));
    case 'unavailable':
      report.error(
        'probe-unavailable',
        provider.span,
        `${lookup.name} probes are not available in this version of ebtrace`,
      );
      return [];
    case 'nothing':
      report.error(
        'unknown-probe',
        provider.span,
        word === '' ? 'The kind of probe is missing' : `Unknown kind of probe '${word}'`,
        {
          hint: lookup.suggestion && `Did you mean '${lookup.suggestion}'?`,
        },
      );
      return [];
  }
}

/** `name=` in front of the provider gives the attach point a name of its own; nothing in the language refers to it. */
function withoutUserName(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*=(.*)$/s.exec(text)?.[1] ?? text;
}

/** One character of the attach point with positional parameters filled in and quotes taken off. */
interface Character {
  readonly text: string;
  readonly span: Span;
  /** Stood in quotes, so that `:` and `@` are ordinary characters; '' stands for the quotes of an empty string. */
  readonly quoted: boolean;
}

function readCharacters(point: AttachPoint, positionals: readonly string[], report: Report): Character[] | undefined {
  const { text, span } = point;
  const characters: Character[] = [];
  const add = (character: string, from: number, to: number, quoted: boolean): void => {
    characters.push({ text: character, span: { start: span.start + from, end: span.start + to }, quoted });
  };
  let quoted = false;
  let at = 0;
  while (at < text.length) {
    const start = at;
    const character = text.charAt(at++);
    if (character === '"') {
      quoted = !quoted;
      add('', start, at, true);
    } else if (quoted && character === '\\' && at < text.length) {
      add(text.charAt(at++), start, at, true);
    } else if (character === '$' && !quoted) {
      const digits = /^[1-9][0-9]*/.exec(text.slice(at))?.[0];
      if (digits === undefined) {
        report.error(
          'probe-parameter',
          { start: span.start + start, end: span.start + Math.min(at + 1, text.length) },
          "'$' in an attach point stands before the number of a positional parameter, as in $1",
          {
            hint: 'Put the part in quotes when the dollar sign belongs to a name.',
          },
        );
        return undefined;
      }
      at += digits.length;
      const value = positionals[Number(digits) - 1] ?? '';
      if (value === '') {
        report.warning(
          'probe-parameter-missing',
          { start: span.start + start, end: span.start + at },
          `no positional parameter $${digits} was given: nothing stands here`,
        );
      }
      for (const filled of value) add(filled, start, at, false);
      // An empty parameter still has a place to point at.
      add('', start, at, true);
    } else {
      add(character, start, at, quoted);
    }
  }
  return characters;
}

/** Splits at `:` and `@`; an `@` is also a part of its own. At least one part, the provider. */
function splitParts(characters: readonly Character[], whole: Span): readonly AttachPart[] {
  const parts: AttachPart[] = [];
  let text = '';
  let span: Span | undefined;
  const finish = (end: number): void => {
    parts.push({ text, span: span ?? { start: end, end } });
    text = '';
    span = undefined;
  };
  for (const character of characters) {
    if (!character.quoted && (character.text === ':' || character.text === '@')) {
      finish(character.span.start);
      if (character.text === '@') parts.push({ text: '@', span: character.span });
    } else {
      text += character.text;
      span = { start: span?.start ?? character.span.start, end: character.span.end };
    }
  }
  finish(whole.end);
  return parts;
}
