import { expect, test } from 'vitest';
import { printScript } from '../../grammar/print.ts';
import { forms, programs } from './programs.ts';
import { parseGood, withoutSpans } from './support.ts';

/** Printed text parses to the same tree and prints the same again. */
function check(text: string): void {
  const script = parseGood(text);
  const printed = printScript(script);
  const again = parseGood(printed);
  expect(withoutSpans(again), printed).toEqual(withoutSpans(script));
  expect(printScript(again)).toBe(printed);
}

test('programs of the reference', () => {
  for (const program of programs) check(program);
});

test('forms that need parentheses', () => {
  for (const form of forms) check(form);
});

test('canonical text', () => {
  const script = parseGood(`
    #define A 1
    config={x=1}
    k:a,k:b /pid==(1+2)*3/<@[comm]=count();if(a){f()}else if b{g();}>
    macro m($x,@m,e){{$x}}
    let @m=hash(10)`);
  expect(printScript(script)).toBe(`#define A 1
config = {
  x = 1;
}

k:a,
k:b /pid == (1 + 2) * 3/ {
  @[comm] = count();
  if (a) {
    f()
  } else if (b) {
    g();
  }
}

macro m($x, @m, e) {
  {
    $x
  }
}

let @m = hash(10);
`);
});
