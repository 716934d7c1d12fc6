/**
 * Scripts from nothing: mostly right ones made along the grammar with types kept in mind, so that checker and emitter
 * get work, and plainly wrong ones: tokens or bytes at random, and brackets within brackets.
 */
import type { Corpus } from './corpus.ts';
import type { Random } from './random.ts';

/** Tokens of the language in any order, in a probe or alone. */
export function randomTokens(corpus: Corpus, random: Random): string {
  const tokens = random.times(1 + random.below(40), () => random.pick(corpus.words));
  const text = tokens.join(random.pick(['', ' ', ' ', '\n']));
  return random.chance(0.7) ? `begin { ${text} }` : text;
}

/** Bytes at random, or a few of them in a script that is right. */
export function randomBytes(script: string, random: Random): string {
  const byte = (): string => String.fromCharCode(random.below(random.chance(0.5) ? 256 : 128));
  if (random.chance(0.3)) return random.times(random.below(60), byte).join('');
  const bytes = [...script];
  for (let left = 1 + random.below(5); left > 0; left--)
    bytes.splice(random.below(bytes.length), random.below(3), byte());
  return bytes.join('');
}

/** The same form within itself, from a few levels to more than the parser takes. */
export function nested(random: Random): string {
  const depth = random.pick([3, 10, 30, 100, 250, 1000]);
  const [before = '', inner = '', after = '', around = ''] = random.pick(nestings);
  return around.replace(
    '%',
    () => `${before.repeat(depth)}${inner}${after.repeat(random.chance(0.9) ? depth : depth - 1)}`,
  );
}

const nestings: readonly (readonly string[])[] = [
  ['(', '1', ')', 'begin { $x = %; }'],
  ['(', '1', ',)', 'begin { $x = %; print($x); }'],
  ['(a=', '1', ')', 'begin { $x = %; print($x); }'],
  ['{ ', '1', ' }', 'begin { $x = %; }'],
  ['{ ', '', ' }', 'begin { % }'],
  ['-', '1', '', 'begin { $x = %; }'],
  ['!', '$x', '', 'begin { $x = 1; print(%); }'],
  ['~', '$x', '', 'begin { $x = 1; print(%); }'],
  ['*', '$x', '', 'begin { $x = (int64*)1; print(%); }'],
  ['$x + (', '$x', ')', 'begin { $x = 1; print(%); }'],
  ['$x + ', '$x', '', 'begin { $x = 1; print(%); }'],
  ['$x && ', '$x', '', 'begin { $x = 1; print(%); }'],
  ['$x ? ', '1', ' : 2', 'begin { $x = 1; print(%); }'],
  ['$x ?: ', '1', '', 'begin { $x = 1; print(%); }'],
  ['(uint64)(int64)', '$x', '', 'begin { $x = 1; print(%); }'],
  ['if ($x) { ', '1', ' } else { 2 }', 'begin { $x = 1; $y = %; print($y); }'],
  ['if ($x) { ', '', ' }', 'begin { $x = 1; % }'],
  ['if ($x) { } else ', '{ }', '', 'begin { $x = 1; % }'],
  ['for ($i : 0..2) { let $z = 1; if ($z) { ', '', ' } }', 'begin { % }'],
  ['unroll (2) { ', '@ = count();', ' }', 'begin { % }'],
  ['while ($x) { ', '$x--;', ' }', 'begin { $x = 3; % }'],
  ['@a[', '1', ']', 'begin { @a[1] = 1; print(%); }'],
  ['print(', '1', ')', 'begin { %; }'],
  ['$x', '', '.0', 'begin { $x = ((1, 2), 3); print(%); }'],
  ['sizeof(', '1', ')', 'begin { print(%); }'],
  ['comptime ', '1', '', 'begin { print(%); }'],
  ['int8', '', '*', 'begin { $x = (%)1; }'],
  ['int8', '', '[2]', 'begin { let $x: %; }'],
  ['@x = 1; ', '', '', 'begin { % }'],
  ['begin { @x = 1; } ', '', '', '%'],
  ['"a" + ', '"b"', '', 'begin { print(%); }'],
  ['typeof(', '1', ')', 'begin { let $x: % = 1; }'],
  ['{', '', '}', '%'],
  ['[', '', ']', 'begin { @%; }'],
  ['<', '', '>', 'begin %'],
];

// ------------------------------------------------------------------------------------- scripts along the grammar

type Kind = 'int' | 'bool' | 'string' | 'tuple' | 'record' | 'pointer';

const kinds: readonly Kind[] = ['int', 'int', 'int', 'bool', 'string', 'string', 'tuple', 'record', 'pointer'];

/** Several probes and statements; about one place in two hundred has something of the wrong type. */
export function grammatical(random: Random): string {
  const writer = new ScriptWriter(random);
  return writer.script();
}

class ScriptWriter {
  readonly #random: Random;
  /** Names in scope and what they hold, innermost last. */
  #variables: { name: string; kind: Kind }[] = [];
  #loops = 0;
  #names = 0;
  readonly #maps = new Map<string, Kind>();
  /** With the key behind those that have keys. */
  readonly #read = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  script(): string {
    const random = this.#random;
    const probes = random.times(1 + random.below(2), () => {
      this.#variables = [];
      const condition = random.chance(0.2) ? ` /${this.#expression('bool', 2)}/` : '';
      return `${random.pick(attachPoints)}${condition} ${this.#block(2)}`;
    });
    const head = random.chance(0.1) ? `config = { ${random.pick(settings)} }\n` : '';
    const declared = random.chance(0.1) ? `let @d = ${random.pick(mapTypes)}(${random.below(99)});\n` : '';
    return head + declared + this.#beginning() + probes.join('\n');
  }

  /** Stores something in every map that is only read: else most scripts would be refused for that alone. */
  #beginning(): string {
    const stores = [...this.#read].map((name) => `${name} = ${this.#first(name)};`);
    return stores.length === 0 ? '' : `begin { ${stores.join(' ')} }\n`;
  }

  #first(name: string): string {
    const kind = /^@(int|bool|string|tuple|record|pointer)/.exec(name)?.[1];
    const found = kinds.find((candidate) => candidate === kind);
    if (name.startsWith('@agg')) return 'count()';
    return found === undefined ? '1' : this.#plain(found);
  }

  #plain(kind: Kind): string {
    const random = this.#random;
    switch (kind) {
      case 'int':
        return random.pick(integers.slice(0, 8));
      case 'bool':
        return random.pick(['true', 'false']);
      case 'string':
        return random.pick(['"a"', '"abcdef"', 'comm']);
      case 'tuple':
        return '(1, "a")';
      case 'record':
        return '(a=1, b="x")';
      case 'pointer':
        return '(int32*)16';
    }
  }

  #keyed(name: string): string {
    this.#read.add(`${name}[1]`);
    return name;
  }

  /** A map that is read here. */
  #reading(name: string): string {
    this.#read.add(name);
    return name;
  }

  #block(depth: number): string {
    const outer = this.#variables;
    this.#variables = [...outer];
    const statements = this.#random.times(1 + this.#random.below(4), () => this.#statement(depth));
    this.#variables = outer;
    return `{ ${statements.join(' ')} }`;
  }

  #statement(depth: number): string {
    const random = this.#random;
    const choice = random.below(depth > 0 ? 17 : 11);
    switch (choice) {
      case 0:
      case 1:
      case 2: {
        const kind = random.pick(kinds);
        const value = this.#expression(kind, 2);
        const name = `$v${this.#names++}`;
        this.#variables.push({ name, kind });
        return random.chance(0.3) ? `let ${name} = ${value};` : `${name} = ${value};`;
      }
      case 3:
      case 4: {
        const kind = random.pick(kinds);
        return `${this.#mapTarget(kind)} = ${this.#expression(kind, 2)};`;
      }
      case 5:
        return `${this.#mapTarget('int')} ${random.pick(['+=', '-=', '*=', '/=', '%=', '|=', '^=', '<<=', '>>='])} ${this.#expression('int', 2)};`;
      case 6:
        return `${this.#aggregate()} = ${this.#aggregation()};`;
      case 7:
        return `print(${this.#expression(random.pick(kinds), 2)});`;
      case 8:
        return `printf("${random.pick(['%d', '%5lld', '%-3x', '%u', '%c'])} ${random.pick(['%s', '%-s', '%10s', '%5s'])}\\n", ${this.#expression('int', 2)}, ${this.#expression(random.pick(kinds), 2)});`;
      case 9:
        return random.pick([
          () => `print(${this.#reading('@')});`,
          () => `clear(${this.#keyed('@m')});`,
          () => `zero(${this.#keyed('@m')});`,
          () => `delete(${this.#keyed('@m')}, 5);`,
          () => `print(${this.#keyed('@m')}, 5, 2);`,
          () => 'exit();',
          () => 'time("%H:%M:%S\\n");',
          () => '@++;',
          () => (this.#loops > 0 ? 'return;' : '@ = 1;'),
        ])();
      case 10: {
        const own = this.#variables.filter(({ kind }) => kind === 'int');
        if (own.length === 0) return '@n++;';
        return `${random.pick(own).name}${random.pick(['++', '--', ' += 2', ' = 70000', ' = -1', ' = (uint64)5'])};`;
      }
      case 11:
      case 12:
        return `if (${this.#expression('bool', 2)}) ${this.#block(depth - 1)}${random.chance(0.4) ? ` else ${this.#block(depth - 1)}` : ''}`;
      case 13: {
        const name = `$i${this.#names++}`;
        return `for (${name} : ${random.pick(['0', '$#', '(-3)'])}..${random.pick(['3', '(1+9)', 'pid'])}) ${this.#loop(name, 'int', depth)}`;
      }
      case 14: {
        const [map] = random.pick([...this.#maps, [this.#keyed('@m'), 'int'] as const]);
        const name = `$kv${this.#names++}`;
        return `for (${name} : ${map}) ${this.#loop(name, undefined, depth)}`;
      }
      case 15:
        return `${random.pick(['unroll (3)', `while (${this.#expression('bool', 2)})`])} ${this.#loop(undefined, undefined, depth)}`;
      default:
        return this.#loops > 0 ? random.pick(['break;', 'continue;', 'return;']) : this.#block(depth - 1);
    }
  }

  #loop(name: string | undefined, kind: Kind | undefined, depth: number): string {
    if (name !== undefined && kind !== undefined) this.#variables.push({ name, kind });
    this.#loops++;
    const text = this.#block(depth - 1);
    this.#loops--;
    if (name !== undefined && kind !== undefined) this.#variables.pop();
    return text;
  }

  #mapTarget(kind: Kind): string {
    const keyed = this.#random.chance(0.5);
    const name = `@${kind}${keyed ? 'k' : ''}${this.#random.below(3)}`;
    if (keyed) this.#maps.set(name, kind);
    return keyed ? `${name}[${this.#expression(kind === 'int' ? 'string' : 'int', 1)}]` : name;
  }

  /** A map for one aggregation, and for one kind of key. */
  #aggregate(): string {
    const keyed = this.#random.chance(0.5);
    const name = `@agg${this.#names++}`;
    return keyed ? `${name}[${this.#expression(this.#random.pick(kinds), 1)}]` : name;
  }

  #aggregation(): string {
    const random = this.#random;
    const value = this.#expression('int', 1);
    return random.pick([
      'count()',
      `sum(${value})`,
      `max(${value})`,
      `avg(${value})`,
      `stats(${value})`,
      `hist(${value})`,
      `hist(${value}, 3)`,
      `lhist(${value}, 0, 100, 10)`,
    ]);
  }

  #expression(kind: Kind, depth: number): string {
    const random = this.#random;
    const wanted = random.chance(0.005) ? random.pick(kinds) : kind;
    const known = this.#variables.filter((variable) => variable.kind === wanted);
    if (known.length > 0 && random.chance(0.35)) return random.pick(known).name;
    if (depth > 0 && random.chance(0.08))
      return `(${this.#expression('bool', depth - 1)} ? ${this.#expression(wanted, depth - 1)} : ${this.#expression(wanted, depth - 1)})`;
    if (depth > 0 && random.chance(0.04))
      return `(if (${this.#expression('bool', depth - 1)}) { ${this.#expression(wanted, depth - 1)} } else { ${this.#expression(wanted, depth - 1)} })`;
    if (random.chance(0.08)) return this.#reading(`@${wanted}${random.below(3)}`);
    const inner = (of: Kind): string => this.#expression(of, depth - 1);
    const plain = depth <= 0;
    switch (wanted) {
      case 'int':
        if (plain || random.chance(0.3)) {
          if (random.chance(0.2)) {
            this.#reading('@n');
            this.#keyed('@k');
            return random.pick(['len(@k)', '@n', '@k[1]']);
          }
          return random.pick(integers);
        }
        return random.pick([
          () => `${inner('int')} ${random.pick(arithmetic)} ${inner('int')}`,
          () => `(${inner('int')} ${random.pick(arithmetic)} ${inner('int')})`,
          () => `${random.pick(['-', '~', '(uint8)', '(int16)', '(uint64)', '(int32)'])}(${inner('int')})`,
          () => `(${inner('int')}, ${inner('string')}).0`,
          () => `(int64)${inner('pointer')}`,
          () => `strncmp(${inner('string')}, ${inner('string')}, 4)`,
          () => `sizeof(${inner(random.pick(kinds))})`,
          () => `(a=${inner('int')}, b=${inner('string')}).a`,
          () => `(uint64)${inner('bool')}`,
          () => `${random.pick(['"abc"', 'comm', 'probe'])}[${random.below(3)}]`,
        ])();
      case 'bool':
        if (plain || random.chance(0.2))
          return random.pick(['true', 'false', 'cpu == 0', `has_key(${this.#keyed('@k')}, 1)`]);
        return random.pick([
          () => `${inner('int')} ${random.pick(comparison)} ${inner('int')}`,
          () => `${inner('string')} == ${inner('string')}`,
          () => `(${inner('bool')} ${random.pick(['&&', '||'])} ${inner('bool')})`,
          () => `!${random.pick(['true', 'pid', '(1 > 2)'])}`,
          () => `(bool)${inner(random.pick(['int', 'string', 'pointer']))}`,
          () => `${inner('tuple')} == ${inner('tuple')}`,
          () => `${inner('pointer')} == ${inner('pointer')}`,
        ])();
      case 'string':
        if (plain || random.chance(0.5)) return random.pick(strings);
        return random.pick([
          () => `(string[${8 + random.below(70)}])${random.pick(['"a"', '""', '"abcdef"'])}`,
          () => `str(${inner('pointer')}, ${1 + random.below(90)})`,
          () => `(${inner('int')}, ${inner('string')}).1`,
          () => `str(${inner('pointer')})`,
        ])();
      case 'tuple':
        return plain ? '(1, "a")' : `(${inner('int')}, ${inner('string')})`;
      case 'record':
        return plain ? '(a=1, b="x")' : `(a=${inner('int')}, b=${inner('string')})`;
      case 'pointer':
        return plain
          ? '(int32*)16'
          : random.pick([
              () => `(int32*)(${inner('int')})`,
              () => `(${inner('pointer')} + ${inner('int')})`,
              () => '(int32*)kaddr("init_task")',
            ])();
    }
  }
}

const attachPoints = [
  ...['begin', 'begin', 'end', 'interval:s:1', 'profile:hz:99', 'self:signal:SIGUSR1', 'software:page-faults:100'],
  ...['tracepoint:syscalls:sys_enter_openat', 'tracepoint:sched:sched_switch', 'tracepoint:syscalls:sys_enter_*'],
];
const settings = [
  'max_strlen = 64',
  'on_stack_limit = 16',
  'max_map_keys = 10',
  'max_strlen = 200; on_stack_limit = 128',
];
const mapTypes = ['hash', 'lruhash', 'percpuhash', 'percpulruhash'];
const arithmetic = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'];
const comparison = ['<', '<=', '>', '>=', '==', '!='];
const integers = [
  ...['0', '1', '2', '-1', '200', '70000', '5000000000', '0xffffffffffffffff', 'pid', 'tid', 'nsecs', 'cpu', 'uid'],
  ...['(uint8)3', '(int16)-3', '(uint32)7', '2s', '$1', '$#', 'elapsed', 'rand', 'gid', 'ncpus'],
];
const strings = [
  '"a"',
  '"abcdef"',
  '""',
  'comm',
  'probe',
  '"\\n\\x41"',
  'str($2)',
  '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
];
