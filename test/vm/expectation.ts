/**
 * Judges what a guest case printed: pass, the program's own words where the kernel lacks something, or what is wrong.
 */
import { type Expectation, type KernelName, runningKernelMayLack, type VmCase, variant } from './case.ts';

/** A line of guest/run-cases.mjs. */
export interface Outcome {
  readonly title: string;
  readonly status?: number | null;
  readonly signal?: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut?: boolean;
  readonly seconds: number;
  /** Why the case could not be run at all or left traces. */
  readonly broken?: string;
  /** What the kernel's log said meanwhile. */
  readonly complaints: readonly string[];
}

export type Verdict =
  | { readonly kind: 'pass'; readonly secondTry?: true }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'fail'; readonly problems: readonly string[] };

export function judge(entry: VmCase, kernel: KernelName, outcome: Outcome): Verdict {
  const general = generalProblems(outcome);
  if (general.length > 0) return { kind: 'fail', problems: general };
  const messages = refusalsFor(entry, kernel);
  const words = messages.map((message) => refusedWith(message, entry, outcome)).find((found) => found !== undefined);
  if (words !== undefined) return { kind: 'refused', words };
  if (kernel !== 'running' && messages.length > 0) {
    return { kind: 'fail', problems: [`this kernel must refuse with /${messages.join('/ or /')}/`] };
  }
  const problems = [...unmet(variant(entry, kernel).expect, outcome)];
  return problems.length === 0 ? { kind: 'pass' } : { kind: 'fail', problems };
}

function refusalsFor({ refusals = [] }: VmCase, kernel: KernelName): readonly string[] {
  if (kernel === 'running') return [...refusals.map(({ message }) => message), runningKernelMayLack];
  return refusals.filter(({ on }) => on.includes(kernel)).map(({ message }) => message);
}

function generalProblems({ broken, complaints, timedOut, seconds }: Outcome): readonly string[] {
  return [
    ...(broken === undefined ? [] : [broken]),
    ...(timedOut === true ? [`ended by force after ${seconds} s`] : []),
    ...complaints.map((line) => `the kernel complained: ${line}`),
  ];
}

/** The first line of the message, without its file and line. Listings of what is not there are no failures. */
function refusedWith(message: string, { script }: VmCase, { status, stderr }: Outcome): string | undefined {
  const found = pattern(message).exec(stderr);
  if ((status === 0 && script !== undefined) || found === null) return undefined;
  const start = stderr.lastIndexOf('\n', found.index - 1) + 1;
  const line = stderr.slice(start).split('\n')[0] ?? '';
  return line.replace(/^.*?\b(ERROR|WARNING|HINT): */, '').trim();
}

function* unmet(expect: Expectation, { status, signal, stdout, stderr }: Outcome): Generator<string> {
  const wanted = expect.status ?? 0;
  if (status !== wanted) yield `status ${status ?? signal}, expected ${wanted}`;
  if (expect.stdout !== undefined && stdout.replace(/^\n+|\n+$/g, '') !== expect.stdout) {
    yield `stdout is not ${JSON.stringify(expect.stdout)}`;
  }
  for (const text of expect.matches ?? []) if (!pattern(text).test(stdout)) yield `stdout does not match /${text}/`;
  for (const text of expect.absent ?? []) {
    if (pattern(text).test(stdout) || pattern(text).test(stderr)) yield `the output matches /${text}/`;
  }
  for (const text of expect.stderr ?? []) if (!pattern(text).test(stderr)) yield `stderr does not match /${text}/`;
  if (expect.stderr === undefined && stderr !== '') yield 'stderr is not empty';
  for (const limits of expect.numbers ?? []) yield* outsideOf(limits, stdout);
  const lines = expect.json === undefined ? [] : jsonLines(stdout);
  for (const part of expect.json ?? []) {
    if (!lines.some((line) => isPart(part, line))) yield `no line of stdout contains ${JSON.stringify(part)}`;
  }
}

function* outsideOf(limits: { pattern: string; min?: number; max?: number }, stdout: string): Generator<string> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limits;
  const digits = pattern(limits.pattern).exec(stdout)?.[1];
  if (digits === undefined) yield `stdout does not match /${limits.pattern}/ with a number`;
  else if (!(Number(digits) >= min && Number(digits) <= max)) yield `${digits} is not within ${min} and ${max}`;
}

function pattern(text: string): RegExp {
  return new RegExp(text, 'mu');
}

function jsonLines(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

/** Objects may have more members than the part names; everything else must be equal. */
function isPart(part: unknown, whole: unknown): boolean {
  if (!isObject(part)) return JSON.stringify(part) === JSON.stringify(whole);
  return isObject(whole) && Object.entries(part).every(([name, value]) => isPart(value, whole[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
