/**
 * One model of everything that can be printed: printf, print, map dumps, text and JSON all render a `Value`. Numbers
 * are exact (bigint); `bytes` are byte strings, one byte per character; `text` was made by us and is ASCII or a byte
 * string too (symbol names, user names).
 */
export type Value =
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'pointer'; readonly value: bigint }
  | { readonly kind: 'enum'; readonly value: bigint; readonly name: string | undefined }
  /** `truncated`: the bytes filled their whole capacity without a NUL; text output appends str_trunc_trailer. */
  | { readonly kind: 'string'; readonly bytes: string; readonly truncated: boolean }
  | { readonly kind: 'buffer'; readonly bytes: string }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  | { readonly kind: 'record'; readonly fields: readonly NamedValue[] }
  /** ksym, usym, inet, mac, username, timestamp, cgroup path: text in both formats. */
  | { readonly kind: 'text'; readonly text: string }
  /** A newline, then one line for each frame. */
  | { readonly kind: 'stack'; readonly text: string }
  /** avg: prints as a number, but is of type `stats` in JSON. */
  | { readonly kind: 'average'; readonly value: bigint }
  | { readonly kind: 'stats'; readonly count: bigint; readonly average: bigint; readonly total: bigint }
  | { readonly kind: 'histogram'; readonly rows: readonly HistogramRow[] }
  | { readonly kind: 'none' };

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** One bucket of hist or lhist. `low` is absent for the underflow bucket, `high` (exclusive) for the overflow bucket. */
export interface HistogramRow {
  readonly low: bigint | undefined;
  readonly high: bigint | undefined;
  /** As printed in the first column, for example `[1K, 2K)`. */
  readonly label: string;
  readonly count: bigint;
}

/** One map as it is printed: entries are in print order, at least one, made while they are iterated. */
export interface MapDump {
  /** With the at sign. */
  readonly name: string;
  /** Undefined key: the map is scalar and has exactly one entry. */
  readonly entries: Iterable<MapEntry>;
  readonly keyed: boolean;
}

export interface MapEntry {
  readonly key: Value | undefined;
  readonly value: Value;
}
