/**
 * Words the language itself reads as builtins. They never name a type, so `(pid)*tid` multiplies, and cannot be
 * parameters of macros. All other builtins are names like any other.
 */

/** `args ctx kstack nsecs pid tid ustack`, `arg0`..., `sarg0`..., `__builtin_*` */
export function isBuiltinWord(name: string): boolean {
  return /^(?:args|ctx|kstack|nsecs|pid|tid|ustack|s?arg[0-9]+|__builtin_\w+)$/.test(name);
}
