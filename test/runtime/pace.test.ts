import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Pace } from '../../runtime/pace.ts';

describe('the pace of looking at the ring', () => {
  const journal: string[] = [];
  const pace = (): Pace =>
    new Pace(
      {
        wait: async (timeoutMs) => {
          journal.push(`wait ${timeoutMs}`);
        },
      },
      { setBusy: (busy) => journal.push(busy ? 'busy' : 'calm') },
    );

  beforeEach(() => {
    journal.length = 0;
    vi.useRealTimers();
  });

  test('seldom events: sleeps until it is woken', async () => {
    const each = pace();
    for (const records of [0, 1, 0, 63, 0]) await each.pause(records, 500);
    expect(journal).toEqual(['wait 500', 'wait 500', 'wait 500']);
  });

  test('a flood: says so, looks by the clock, and sleeps when it is over', async () => {
    const each = pace();
    for (const records of [64, 0, 0, 3, 5000, 0, 0, 0]) await each.pause(records, 500);
    expect(journal).toEqual(['busy']);
    await each.pause(0, 500);
    expect(journal).toEqual(['busy', 'calm']);
    // Something may have been finished without a wake-up just then.
    await each.pause(0, 500);
    await each.pause(0, 500);
    expect(journal).toEqual(['busy', 'calm', 'wait 10', 'wait 500']);
    await each.pause(64, 500);
    expect(journal.at(-1)).toBe('busy');
  });

  test('never waits longer than it may', async () => {
    const each = pace();
    for (const records of [64, 0, 0, 0, 0]) await each.pause(records, 5);
    await each.pause(0, 5);
    expect(journal).toEqual(['busy', 'calm', 'wait 5']);
  });
});
