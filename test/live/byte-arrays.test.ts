/** Functions that take bytes see all of a char array in memory: addresses of networks are full of zeros. */
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

const script = `begin {
  for ($i : 0..64) {
    $at = (uint64)curtask + (uint64)$i * 8;
    $address = (struct in6_addr *)$at;
    $text = ntop($address.in6_u.u6_addr8);
    printf("%rx %rx %s %s\\n", buf($address.in6_u.u6_addr8), buf((uint8 *)$at, 16), $text, ntop($address.in6_u.u6_addr16));
    printf("%rx %s\\n", buf((uint8 *)$at, 6), macaddr($address.in6_u.u6_addr8));
  }
  exit();
}`;

describe.runIf(canBpf)('char arrays with NUL bytes', () => {
  beforeAll(buildBundle, 60_000);

  test('buf, ntop and macaddr', async () => {
    const { stdout, stderr } = await ebtrace(['-q', '-e', script]);
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(128);
    let withZeroInside = 0;
    for (let i = 0; i < lines.length; i += 2) {
      const [array, memory, bytes, words] = (lines[i] ?? '').split(' ');
      expect(array).toBe(memory);
      expect(bytes).toBe(words);
      if (/\\x00.*\\x(?!00)\w\w/.test(array ?? '')) withZeroInside++;
      const [six, mac] = (lines[i + 1] ?? '').split(' ');
      expect(six?.split('\\x').slice(1).join(':').toUpperCase()).toBe(mac);
    }
    expect(withZeroInside).toBeGreaterThan(0);
  });
});
