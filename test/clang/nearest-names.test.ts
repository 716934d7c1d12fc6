/** What the preprocessed text of headers tells, and which of its types are taken when there are too many. */
import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../src/clang/nearest-names.ts';
import { readPreprocessed } from '../../src/clang/preprocessed.ts';

const text = `# 1 "definitions.c"
# 1 "<built-in>" 1
#define linux 1
# 1 "<command line>" 1
#define BPFTRACE_HAVE_BTF 1
# 1 "script.bt" 2
# 1 "/usr/include/a \\"b\\".h" 1 3
#define KEPT (1 +  2)
#define GONE 1
#define CALL(x) x
#undef GONE
#define CALL 3
#define MAX(a, b) a
#define MIN(a, b) b
#undef MIN
typedef struct __attribute__((packed)) far { int x; } far_t;
struct near { far_t *f; union u *u; };
union u { int a; };
enum e { E_A, E_B = sizeof(struct near) };
enum { LONE = 1, PAIR };
enum __attribute__((packed)) { SHORT };
static int function(struct near *n) { struct local { int z; } l; return E_A; }
struct apart { int y; };
extern char *s[] = { "struct inText" };
# 2 "script.bt" 2
struct start { struct near n; struct opaque *o; };
`;

describe('preprocessed text', () => {
  const { macros, functionMacros, files, tags, unnamedEnums } = readPreprocessed(text);

  it('has the macros that are left, those of the compiler too', () => {
    expect([...macros]).toEqual([
      ['linux', '1'],
      ['BPFTRACE_HAVE_BTF', '1'],
      ['KEPT', '(1 +  2)'],
      ['CALL', '3'],
    ]);
    expect(functionMacros).toEqual(['MAX']);
  });

  it('names the files that were read', () => {
    expect(files).toEqual(['/usr/include/a "b".h']);
  });

  it('has tags and the words of unnamed enums', () => {
    expect(tags).toEqual([
      ...['struct far', 'struct near', 'union u', 'enum e', 'struct local', 'struct apart', 'struct start'],
      'struct opaque',
    ]);
    expect(unnamedEnums).toEqual([['LONE', 'PAIR'], ['SHORT']]);
  });
});

describe('nearest names', () => {
  const { tags, words } = readPreprocessed(text);
  const near = (mentioned: readonly string[], limit = 100): readonly string[] =>
    nearestNames([...tags, 'far_t'], words, new Set(mentioned), new Set(['E_A', 'E_B', 'LONE']), limit);

  it('are those that definitions lead to, step by step', () => {
    expect(near(['start', 'begin'])).toEqual([
      ...['struct start', 'struct near', 'struct opaque', 'far_t', 'union u', 'struct far'],
    ]);
    expect(near(['start'], 3)).toEqual(['struct start', 'struct near', 'struct opaque']);
    expect(near(['apart'])).toEqual(['struct apart']);
    expect(near(['unknown'])).toEqual([]);
  });

  it('begin with the enum of a constant as well', () => {
    expect(near(['E_B'], 1)).toEqual(['enum e']);
  });
});
