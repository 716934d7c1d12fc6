/**
 * What the compiler does with one text: it must not throw, must not take long, must say the same twice, must point into
 * the text when it complains, and what its printer makes must be the same script.
 */
import type { Script } from '../../grammar/ast.ts';
import { type Checked, Report } from '../../grammar/diagnostic.ts';
import { formatScript } from '../../grammar/format.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import type { Program } from '../../src/program/program.ts';
import type { World } from '../../src/world/world.ts';

/** Of one case. One that takes longer is tried again by CPU time, so that a pause of the machine is nobody's fault. */
const limitMs = 1000;

export type Verdict =
  | { readonly kind: 'accepted'; readonly c: string; readonly ms: number }
  | { readonly kind: 'rejected'; readonly ms: number }
  | { readonly kind: 'failed'; readonly problem: string; readonly stack: string; readonly ms: number };

export function judge(text: string, world: World): Verdict {
  const started = performance.now();
  try {
    const first = compileText(text, world);
    const ms = performance.now() - started;
    if (ms > limitMs && cpuTime(() => compileText(text, world)) > limitMs)
      return { kind: 'failed', problem: `takes longer than ${limitMs} ms`, stack: '', ms };
    const problem = complaint(text, world, first);
    if (problem !== undefined) return { kind: 'failed', problem, stack: '', ms };
    return first.ok ? { kind: 'accepted', c: first.value.c, ms } : { kind: 'rejected', ms };
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    return { kind: 'failed', problem: String(error), stack, ms: performance.now() - started };
  }
}

function compileText(text: string, world: World): Checked<Program> {
  const env = { world, environment: {}, positionals: ['100', 'word'], unsafe: true };
  return compile(new SourceText('fuzz', text), env);
}

/** What is wrong about a result; nothing of it depends on what the text means. */
function complaint(text: string, world: World, first: Checked<Program>): string | undefined {
  if (!first.ok && !first.diagnostics.some(({ severity }) => severity === 'error')) return 'fails without an error';
  for (const { code, message, span, related = [] } of first.diagnostics) {
    for (const place of [span, ...related.map((note) => note.span)]) {
      if (place === undefined) continue;
      if (!(place.start >= 0 && place.start <= place.end && place.end <= first.source.text.length))
        return `${code} points outside of the text: ${place.start}-${place.end}`;
    }
    if (/undefined|\[object|\bNaN\b|=>/.test(message) && !/undefined|\[object|NaN|=>/.test(text))
      return `${code} has words of JavaScript in it: ${message}`;
  }
  // Refused texts and printing are many alike and take the most time: some show it.
  if (!first.ok && text.length % 4 !== 0) return undefined;
  const second = compileText(text, world);
  if (JSON.stringify(second.diagnostics) !== JSON.stringify(first.diagnostics))
    return 'says something else the second time';
  if (first.ok && (!second.ok || second.value.c !== first.value.c)) return 'becomes other C the second time';
  return text.length % 2 === 0 ? printedDiffers(text) : undefined;
}

/** Printed text parses to the same tree, if the text itself parses. */
function printedDiffers(text: string): string | undefined {
  const before = parsed(text);
  if (before === undefined) return undefined;
  const printed = formatted(text);
  if (printed === undefined) return 'parses, but is not formatted';
  const after = parsed(printed);
  if (after === undefined) return `is printed as something that does not parse:\n${printed}`;
  if (bare(after) !== bare(before)) return `is printed as another script:\n${printed}`;
  return formatted(printed) === printed ? undefined : `is printed in another way the second time:\n${printed}`;
}

function formatted(text: string): string | undefined {
  const source = new SourceText('fuzz', text);
  return formatScript(source, new Report(source));
}

function parsed(text: string): Script | undefined {
  const source = new SourceText('fuzz', text);
  const report = new Report(source);
  const script = parse(source, report);
  return report.hasErrors ? undefined : script;
}

/** A tree as text, without its places. */
function bare(script: Script): string {
  return JSON.stringify(script, (key, value) => {
    if (/^(?:span|.*Span)$/.test(key)) return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

function cpuTime(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
