/**
 * What a script asks of user space. A builtin's `onEvent` turns a decoded event into one of these; session.ts does the
 * deed. Texts are byte strings.
 */
import type { Value } from '../types/value.ts';

export type Action =
  /** Finished output of printf and its kin; `type` is the JSON `type` (printf, time, cat, join). */
  | { readonly kind: 'text'; readonly type: 'printf' | 'time' | 'cat' | 'join' | 'syscall'; readonly text: string }
  /** print() of something that is not a map. */
  | { readonly kind: 'value'; readonly value: Value }
  /** print(@map[, top[, div]]); `top` 0 means all, `divisor` 0 or 1 none. */
  | { readonly kind: 'print-map'; readonly map: string; readonly top: number; readonly divisor: bigint }
  | { readonly kind: 'clear-map'; readonly map: string }
  | { readonly kind: 'zero-map'; readonly map: string }
  /** Print at most `limit` bytes of a file. */
  | { readonly kind: 'cat'; readonly path: string }
  /** Run through `sh -c`; print its output. */
  | { readonly kind: 'system'; readonly command: string }
  /** errorf and warnf: to stderr with the place of the call. */
  | { readonly kind: 'message'; readonly severity: 'error' | 'warning'; readonly text: string }
  | { readonly kind: 'exit'; readonly code: number };
