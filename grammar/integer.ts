/**
 * Reads integer literals. Scripts, positional parameters, attach points, configuration and environment all use these
 * forms; a sign is the caller's business.
 *
 * Beyond the peer we accept `0b101` in scripts and C suffixes in upper case.
 */

const max64 = 2n ** 64n - 1n;

/** Value of `1234 0x1f 0755 0b101 1_000 3e9 5ull 7ms`, 0 to 2^64-1 (durations in nanoseconds), or what is wrong. */
export function parseInteger(text: string): { readonly value: bigint } | { readonly problem: string } {
  if (!/^[0-9][0-9A-Za-z_]*$/.test(text)) return { problem: 'an integer starts with a digit and has no blanks' };
  const prefix = text.slice(0, 2).toLowerCase();
  if (prefix === '0x') return parseHex(text.slice(2));
  const split = /^([0-9_]*)(.*)$/.exec(prefix === '0b' ? text.slice(2) : text);
  const digits = split?.[1] ?? '';
  const rest = split?.[2] ?? '';
  if (digits.endsWith('_')) return trailingUnderscore;
  if (prefix === '0b')
    return scaled(radixValue(digits, '0b', /^[01]+$/, 'a binary number has the digits 0 and 1'), rest);
  if (/^[eE]/.test(rest)) return parseScientific(digits, rest.slice(1));
  if (/^0[0-9_]/.test(digits)) {
    return scaled(
      radixValue(digits, '0o', /^[0-7]+$/, 'a number that starts with 0 is octal and has the digits 0 to 7'),
      rest,
    );
  }
  return scaled(radixValue(digits, '', /^[0-9]+$/, 'digits are missing'), rest);
}

const trailingUnderscore = { problem: "'_' may stand between digits, not behind the last one" };
const overflow = { problem: `the value is above the largest integer, ${max64}` };

function parseHex(digits: string): { readonly value: bigint } | { readonly problem: string } {
  if (digits.endsWith('_')) return trailingUnderscore;
  const bad = /[^0-9A-Fa-f_].*/.exec(digits)?.[0];
  if (bad !== undefined) {
    return { problem: `'${bad}' is no hexadecimal digit (a suffix cannot follow a hexadecimal number)` };
  }
  return scaled(radixValue(digits, '0x', /^[0-9A-Fa-f]+$/, 'hexadecimal digits are missing after 0x'), '');
}

/** `3e9`: one digit 1-9, then the number of zeros, then perhaps a suffix. */
function parseScientific(coefficient: string, rest: string): { readonly value: bigint } | { readonly problem: string } {
  if (!/^[1-9]$/.test(coefficient)) {
    return { problem: `the part before 'e' is one digit from 1 to 9, not '${coefficient}'` };
  }
  const match = /^([0-9_]*)(.*)$/.exec(rest);
  const exponent = match?.[1] ?? '';
  if (exponent.endsWith('_')) return trailingUnderscore;
  if (!/^[1-9]/.test(exponent)) return { problem: "the part behind 'e' is a number of zeros, from 1 on" };
  const zeros = exponent.replaceAll('_', '');
  if (zeros.length > 2 || Number(zeros) > 19) return overflow;
  return scaled({ value: BigInt(coefficient) * 10n ** BigInt(zeros) }, match?.[2] ?? '');
}

function radixValue(
  digits: string,
  prefix: string,
  valid: RegExp,
  problem: string,
): { readonly value: bigint } | { readonly problem: string } {
  const plain = digits.replaceAll('_', '');
  if (!valid.test(plain)) return { problem };
  const significant = plain.replace(/^0+(?=.)/, '');
  // 2^64 has 64 binary digits; longer ones need not be computed to be refused.
  if (significant.length > 64) return overflow;
  return { value: BigInt(prefix + significant) };
}

const durations: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
]);

/** Largest value under each C suffix; a suffix checks the range and does not change the type. */
const suffixes: ReadonlyMap<string, bigint> = new Map([
  ['u', 2n ** 32n - 1n],
  ['l', 2n ** 63n - 1n],
  ['ll', 2n ** 63n - 1n],
  ['ul', max64],
  ['ull', max64],
]);

function scaled(
  number: { readonly value: bigint } | { readonly problem: string },
  suffix: string,
): { readonly value: bigint } | { readonly problem: string } {
  if ('problem' in number) return number;
  if (suffix === '') return number.value > max64 ? overflow : number;
  const unit = durations.get(suffix);
  if (unit !== undefined) {
    const value = number.value * unit;
    return value > max64 ? overflow : { value };
  }
  const limit = suffixes.get(suffix.toLowerCase());
  if (limit === undefined) {
    return { problem: `'${suffix}' is no integer suffix (those are u l ll ul ull and ns us ms s m h d)` };
  }
  if (number.value > limit) return { problem: `the value does not fit the suffix '${suffix}', at most ${limit} does` };
  return number;
}
