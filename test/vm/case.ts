/**
 * The format of guest cases (test/vm/cases/*.ts): one run of ebtrace on a real kernel, with a workload whose numbers are
 * known, and what must come out. Cases are data. The guest only runs them (guest/run-cases.mjs) and writes down what
 * came out; expectation.ts judges on the host. Every case runs on 6.12, those with `smoke` on every kernel.
 *
 * To add cases: a file in cases/ and its line in cases/index.ts, then
 * `npm run test:vm -- --kernel 6.12 --case REGEX` (a boot takes 5 s, a case 4 s), then the other kernels.
 *
 * Example, the whole of test/vm/cases/kprobe.ts:
 *
 *   export const cases: readonly VmCase[] = [
 *     {
 *       name: 'argument of a kprobe is what the program passed',
 *       kind: 'kprobe',
 *       smoke: true,
 *       script: 'kprobe:ksys_lseek /pid == cpid/ { @[arg1] = count(); }',
 *       workload: { program: 'lseek', args: ['3'] },
 *       expect: { matches: ['@\\[1000\\]: 3$'] },
 *       refusals: [{ on: ['5.10'], message: 'this kernel has no kprobes' }],
 *     },
 *   ];
 */

/** Rows of the report, in its order: the probe kinds by their names in `-l`, then what is not a probe kind. */
export const kinds = [
  'begin',
  'end',
  'self',
  'interval',
  'profile',
  'software',
  'hardware',
  'tracepoint',
  'rawtracepoint',
  'kprobe',
  'kretprobe',
  'fentry',
  'fexit',
  'iter',
  'watchpoint',
  'bench',
  'test',
  'language',
  'kernel types',
  'stacks and symbols',
  'life cycle',
  'listing',
  'trust report',
] as const;

export type Kind = (typeof kinds)[number];

/** Columns of the report: what vm-run boots (x86-64 where nothing else is said), and the machine's own kernel. */
export const kernels = ['5.10', '6.1', '6.12', '7.2', 'arm64-6.12', 'running'] as const;

export type KernelName = (typeof kernels)[number];

/**
 * A program that ebtrace starts with `-c`, so that scripts know it as `cpid`. Either `program`, the name of a C file in
 * test/vm/workloads/ (compiled static, not optimised), or `shell`, a text for sh. What it prints comes out on stdout with
 * ebtrace's own output, so a pattern with a back reference can compare the two: 'addr=(0x\\w+)[^]*got \\1'.
 */
export type Workload = { readonly program: string; readonly args?: readonly string[] } | { readonly shell: string };

/** Patterns are JavaScript regular expressions with the flags `m` (^ and $ at every line) and `u`. */
export interface Expectation {
  /** 0 unless given. */
  readonly status?: number;
  /** All of stdout, blank lines at its start and end left out. */
  readonly stdout?: string;
  /** Each must match somewhere in stdout. */
  readonly matches?: readonly string[];
  /** None may match in stdout or stderr. */
  readonly absent?: readonly string[];
  /** Each must match somewhere in stderr. Without it stderr must be empty. */
  readonly stderr?: readonly string[];
  /** The first group of `pattern`, found in stdout, is a number within the limits. */
  readonly numbers?: readonly { readonly pattern: string; readonly min?: number; readonly max?: number }[];
  /** For `-f json`: each must be part of some line (objects: the members named here; all else: equal). */
  readonly json?: readonly unknown[];
}

/** Where a kernel lacks something, the program has to say so instead, and the report shows its words. */
export interface Refusal {
  /** Kernels of the lab that must refuse. The running kernel may refuse or meet the expectation. */
  readonly on: readonly Exclude<KernelName, 'running'>[];
  /** A pattern for stderr; the status must not be 0. */
  readonly message: string;
}

/** The case as that kernel has it. */
export function variant(entry: VmCase, kernel: KernelName): VmCase {
  const found = entry.variations?.find(({ on }) => kernel !== 'running' && on.includes(kernel));
  if (found === undefined) return entry;
  const { script = entry.script, expect } = found;
  return { ...entry, ...(script === undefined ? {} : { script }), expect };
}

/** What the test is called and `--case` looks in: `kprobe: argument of ...`. */
export function titleOf({ kind, name }: Pick<VmCase, 'kind' | 'name'>): string {
  return `${kind}: ${name}`;
}

/** Nobody knows what the running kernel has; these words are an answer there for every case. */
export const runningKernelMayLack = '\\b[Kk]ernel has no |is not counted on this machine';

/** What comes out on kernels that do it in another way. The running kernel is taken for one like 6.12. */
export interface Variation {
  readonly on: readonly Exclude<KernelName, 'running'>[];
  /** For what scripts name otherwise there, such as the registers of arm64. */
  readonly script?: string;
  readonly expect: Expectation;
}

export interface VmCase {
  /** Unique within its kind. */
  readonly name: string;
  readonly kind: Kind;
  readonly smoke?: true;
  /** Given to ebtrace with `-e`. */
  readonly script?: string;
  /** Words in front of it, such as `-k`, `-f`, `json`; all there is for a run without a script (`-l`, `--info`). */
  readonly args?: readonly string[];
  /**
   * Run before ebtrace as a script of sh with `-e`: load a module, set a sysctl. Undone by `after`. Such cases change the
   * machine, so they do not run on the running kernel.
   */
  readonly before?: string;
  readonly after?: string;
  /** Not on the running kernel, because what the case asks about is not in the run that is judged but in its workload. */
  readonly onlyInGuests?: true;
  readonly env?: Readonly<Record<string, string>>;
  readonly workload?: Workload;
  /** Sent to ebtrace when `when` has matched in what came out so far (stdout and stderr together). */
  readonly signal?: { readonly when: string; readonly name: 'SIGINT' | 'SIGTERM' | 'SIGUSR1' | 'SIGKILL' };
  readonly expect: Expectation;
  readonly refusals?: readonly Refusal[];
  /** Instead of `script` and `expect`. */
  readonly variations?: readonly Variation[];
  /** Seconds until the run is ended by force; 60 unless given (a start takes 3 to 6 in the guest). */
  readonly timeout?: number;
}
