/**
 * Rows of the specification. Each section of the language reference has a table file here; test/live/spec.test.ts runs
 * `values` and `runs` on the kernel, test/spec/spec.test.ts compiles them without one and checks the remarks
 * (remarks/*.txt: scripts with the places of their diagnostics marked).
 */
export interface Section {
  readonly title: string;
  readonly values: readonly ValueGroup[];
  readonly runs: readonly Run[];
}

/** Expressions and how print() shows them, all in one begin probe: a run costs far more than a row. */
export interface ValueGroup {
  readonly about: string;
  /** In front of the probe: C definitions, config, macros, functions. */
  readonly root?: string;
  /** Statements in front of the first print(). */
  readonly before?: string;
  readonly rows: readonly (readonly [expression: string, text: string])[];
  readonly args?: readonly string[];
}

export interface Run {
  readonly about: string;
  readonly script: string;
  /** Lines of stdout; those behind `maps:` come when the script ends, behind two empty lines. */
  readonly lines: readonly string[];
  /** Further lines that may come in any order, instead of `lines`. */
  readonly anyOrder?: boolean;
  readonly options?: readonly string[];
  readonly args?: readonly string[];
  readonly status?: number;
  /** What stderr has in it; nothing at all when absent. Warnings of a script that has other matters: `any`. */
  readonly stderr?: readonly string[] | 'any';
  /** Files beside the script, which is then a file too. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output as it is, without the two empty lines in front of the maps (-f json and the like). */
  readonly raw?: boolean;
}

/** The script that a group is. */
export function groupScript({ root = '', before = '', rows }: ValueGroup): string {
  return `${root}${root === '' ? '' : '\n'}begin { ${before} ${rows.map(([text]) => `print(${text});`).join(' ')} }`;
}

/** A row of a histogram. */
export function row(label: string, count: number, bar: number): string {
  return `${label.padEnd(16)}${String(count).padStart(8)} |${'@'.repeat(bar).padEnd(52)}|`;
}
