/**
 * The formatter: the text it makes means the same, formatting it again changes nothing, and no comment is lost, checked
 * over every script of the repository and over scripts with comments put in at random.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { formatScript } from '../../grammar/format.ts';
import { SourceText } from '../../grammar/source.ts';
import { tokenize } from '../../grammar/tokens.ts';
import { forms, programs } from './programs.ts';
import { parseGood, withoutSpans } from './support.ts';

function format(text: string): string {
  const source = new SourceText('test', text);
  const report = new Report(source);
  const formatted = formatScript(source, report);
  if (formatted === undefined) throw new Error(`${text}\n${JSON.stringify(report.diagnostics)}`);
  return formatted;
}

/** Formats and checks what must hold for every script. */
function checked(text: string): string {
  const formatted = format(text);
  expect(withoutSpans(parseGood(formatted)), `${text}\n---\n${formatted}`).toEqual(withoutSpans(parseGood(text)));
  expect(format(formatted)).toBe(formatted);
  expect(formatted).toMatch(/\S\n$/);
  return formatted;
}

const root = join(import.meta.dirname, '../..');
const scripts = ['examples', 'test/compiler/golden'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.bt'))
    .sort()
    .map((name) => readFileSync(join(root, folder, name), 'latin1')),
);

test('scripts of the repository, the reference and of odd forms', () => {
  expect(scripts.length).toBeGreaterThan(40);
  for (const text of [...scripts, ...programs, ...forms]) checked(text);
});

test('canonical text', () => {
  expect(
    checked(`
    #define A 1
    config={x=1}
    k:a,k:b /pid==(1+2)*3/<@[comm]=count();if(a){f()}else if !b{g();};>
    macro m($x,@m,e){{$x}}
    fn f( $a:int64 , $b : struct s * ) : void {}
    let @m=hash(10) let @n = hash( 1_000 );
    begin { for $i:0 .. 5 { break } while $x { continue; } unroll 3 {} {f()}; return
    }`),
  ).toBe(`#define A 1

config = {
  x = 1;
}

k:a,
k:b /pid == (1 + 2) * 3/ {
  @[comm] = count();
  if (a) {
    f()
  } else if (!b) {
    g();
  }
}

macro m($x, @m, e) {
  {
    $x
  }
}

fn f($a: int64, $b: struct s*): void {}

let @m = hash(10);
let @n = hash(1_000);

begin {
  for ($i : 0..5) {
    break;
  }
  while ($x) {
    continue;
  }
  unroll (3) {}
  {
    f()
  }
  return;
}
`);
});

test('literals, attach points and C keep their spelling', () => {
  const text = String.raw`struct a { int  x ; }	; // no blank in front of the ';' of the C definition
#define  B   1 // not ours
import "\x61.bt";

config = {
  a = 0x10;
  b = "\x41";
}

my=uprobe:/x:"a, b",
BEGIN {
  print(0xfF, 1_000, 0b1, 017, 2e3ms, 5ULL, "\x41\101\n", $1, $#, @, true);
  $x = $a->b.c.0[1];
  print((struct a*)1, (uint8[4])$x, typeof(x), - -x, !!y, **z, & &q, (1,), (), (a=1, b=2), a ?: b);
}
`;
  expect(checked(text)).toBe(text);
});

test('long lines break after commas, behind operators, before ? and :', () => {
  const name = (letter: string): string => letter.repeat(40);
  const [a, b, c, d] = [name('a'), name('b'), name('c'), name('d')];
  expect(
    checked(`begin { f(${a}, g(${b}, 1), ${c}); @m[${a}, ${b}, ${c}] = (${a}, ${b}, ${c},); $x = ${a} + ${b} * ${c} + ${d} == 1;
      $y = ${a} ? ${b} : ${c}; return (${a} && ${b} || ${c} && ${d}); f({ let $x = g(${a}, ${b}, ${c}); $x }, 2); f(${a}${b}${c}); }
      k:${a} /${b} && ${c} && ${d}/ {} k:${a} /${b} == 1/ {} k:${a} /${b}/ {}`),
  ).toBe(`begin {
  f(
    ${a},
    g(${b}, 1),
    ${c}
  );
  @m[
    ${a},
    ${b},
    ${c}
  ] = (
    ${a},
    ${b},
    ${c}
  );
  $x = ${a} +
    ${b} * ${c} +
    ${d} ==
    1;
  $y = ${a}
    ? ${b}
    : ${c};
  return (${a} && ${b} ||
    ${c} && ${d});
  f({
    let $x = g(
      ${a},
      ${b},
      ${c}
    );
    $x
  }, 2);
  f(${a}${b}${c});
}

k:${a}
/${b} &&
  ${c} &&
  ${d}/ {}

k:${a} /${b} == 1/ {}

k:${a} /${b}/ {}
`);
});

test('comments stay where they are', () => {
  const text = `#!/usr/bin/env ebtrace
// what this is

/*
 * how it is used
 */
#include <a.h> // not ours
// a struct
struct a {
  int x; // inside
};

// settings
config = {
  // one
  a = 1; // behind one

  // two
  b = 2;
  // at the end
}

// a map
let @m = hash(10); // behind the map

macro m($x /* by name */, e) { // of the macro
  // the value
  $x + e // is the sum
}

// a probe
kprobe:a, // first
// second
kprobe:b /pid == 1 && /* inner */ tid == 2/ { // of the body

  // before a statement
  $x = 1; // behind it

  f(
    // before an argument
    1, // behind it
    /* of it */ 2
    // at the end
  );
  f(/* nothing */);
  g(1 /* one */, /* two */ 2);
  if ($x) { // then
    f();
    // at the end
  }
  // before else
  else if ($y) { // also
    // nothing
  } else {
    /* nothing */
  }

  // at the end
}

begin { // empty
}
// at the end of the script

// more
`;
  expect(checked(text)).toBe(text);
});

test('comments that stand in the way', () => {
  expect(
    checked(`begin { f() // no semicolon
  } end { f(a // a
  , b // b
  ); $x // x
  = 1 // one
  // own
  ; if $c /* c */ { } /* d */ ; // e
  for /* f */ $i /* g */ : 0 /* h */ .. 5 { } print((/* i */ 1, /* j */)); }
  k:a, /* k */ k:b, // l
  /* m */ / /* n */ *$p / /* o */ < /* p */ > /*
    q
      r */ /* not closed`),
  ).toBe(`begin {
  f(); // no semicolon
}

end {
  f(
    a, // a
    b // b
  );
  $x // x
  = 1; // one
  // own
  if ($c) /* c */ {} /* d */ // e
  for /* f */ ($i /* g */ : 0 /* h */..5) {}
  print((/* i */ 1, /* j */));
}

k:a,
/* k */ k:b // l
/* m */ / /* n */ *$p/ /* o */ {
  /* p */
} /*
    q
      r */ /* not closed */
`);
});

test('empty lines: at most one, none inside brackets at their ends', () => {
  expect(
    checked(`#define A 1


#define B 2
begin {


  f();


  g();
  h();

}
let @a = hash(1)
let @b = hash(1)


let @c = hash(1)
// end`),
  ).toBe(`#define A 1

#define B 2

begin {
  f();

  g();
  h();
}

let @a = hash(1);
let @b = hash(1);

let @c = hash(1);
// end
`);
});

test('line ends of other systems', () => {
  expect(checked('#define A 1\r\n// a\r\nbegin {\r\n  f(); // b\r\n\r\n  g();\r\n}\r\n')).toBe(
    '#define A 1\n\n// a\nbegin {\n  f(); // b\n\n  g();\n}\n',
  );
});

test('a script with errors is not formatted', () => {
  for (const text of ['', 'begin {', 'begin { $x = 08; }', 'begin { } #define A 1', 'begin { $ x = 1; }']) {
    const source = new SourceText('test', text);
    const report = new Report(source);
    expect(formatScript(source, report), text).toBeUndefined();
    expect(report.diagnostics.length, text).toBeGreaterThan(0);
  }
});

test('comments put between any two tokens are kept, in order, and the rest too', () => {
  const texts = [...scripts.filter((text) => text.length < 3000), ...programs, ...forms];
  for (let seed = 1; seed <= 1500; seed++) {
    const next = random(seed);
    // Every other script has lines that are too long.
    const name = seed % 2 === 0 ? '$1' : '$1'.padEnd(70, 'x');
    const text = (texts[next(texts.length)] ?? '').replace(/\b(print|comm|foo|[abx])\b(?!["%\d])/g, name);
    const { commented, comments } = addComments(text, 1 + next(6), next);
    const formatted = checked(commented);
    expect(formatted.match(/\bC\d+\b/g), `${commented}\n---\n${formatted}`).toEqual(comments);
  }
}, 60_000);

function addComments(
  text: string,
  count: number,
  next: (limit: number) => number,
): { readonly commented: string; readonly comments: readonly string[] } {
  const { tokens } = tokenize(text);
  const places = [...tokens.map((token) => token.startOffset), text.length];
  const chosen = Array.from({ length: count }, () => places[next(places.length)] ?? 0).sort((a, b) => a - b);
  const comments: string[] = [];
  let commented = '';
  let from = 0;
  for (const at of chosen) {
    const name = `C${comments.length}`;
    comments.push(name);
    const forms = [
      ` /* ${name} */ `,
      ` // ${name}\n`,
      `\n// ${name}\n`,
      `\n/* ${name} */\n`,
      `\n\n/* ${name}\n * x */ `,
    ];
    // Behind a '#' line a comment needs a line of its own, or it is part of it.
    const start = at === text.length ? '\n' : '';
    commented += text.slice(from, at) + start + (forms[next(forms.length)] ?? '');
    from = at;
  }
  return { commented: commented + text.slice(from), comments };
}

/** Numbers from 0 to below `limit`, the same for the same seed (xorshift). */
function random(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_761;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
