/**
 * What the output of `clang -E -dD` tells: the object-like macros that are defined at its end, the files that were read, and the names
 * that may be types. The text is clang's own, all comments and directives gone, so looking for words in it is
 * safe; which of them are what they look like, clang says when it compiles the anchors made of them.
 */
export interface Preprocessed {
  /** Replacement text by name, also of those that clang defines itself: limits.h says `#define INT_MAX __INT_MAX__`. */
  readonly macros: ReadonlyMap<string, string>;
  /** Names of those with parameters. */
  readonly functionMacros: readonly string[];
  /** Absolute paths of the files read, in order. */
  readonly files: readonly string[];
  /** `struct NAME`, `union NAME`, `enum NAME`, each once. */
  readonly tags: readonly string[];
  /** The words in the braces of each `enum` without a name. */
  readonly unnamedEnums: readonly (readonly string[])[];
  /** All words of the code, braces, parentheses and semicolons, in order. */
  readonly words: readonly string[];
}

export function readPreprocessed(text: string): Preprocessed {
  const macros = new Map<string, string>();
  const functionMacros = new Set<string>();
  const files = new Set<string>();
  const code: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) {
      code.push(line);
      continue;
    }
    const marker = /^# \d+ "((?:[^"\\]|\\.)*)"/.exec(line);
    if (marker !== null) {
      const file = (marker[1] ?? '').replace(/\\(.)/g, '$1');
      if (file.startsWith('/')) files.add(file);
      continue;
    }
    const directive = /^#(define|undef) (\w+)(\(?)(.*)$/.exec(line);
    if (directive === null) continue;
    const [, what, name = '', open, body = ''] = directive;
    macros.delete(name);
    functionMacros.delete(name);
    if (what === 'define' && open === '') macros.set(name, body.trim());
    else if (what === 'define') functionMacros.add(name);
  }
  const words: readonly string[] = code.join('\n').match(wordOrMark) ?? [];
  return {
    macros,
    functionMacros: [...functionMacros],
    files: [...files],
    tags: tagsIn(words),
    unnamedEnums: unnamedEnumsIn(words),
    words,
  };
}

/** Strings are matched as a whole, so that no word in them counts. */
const wordOrMark = /[A-Za-z_]\w*|[{}();]|"(?:[^"\\\n]|\\.)*"/g;
const tagWords: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);
const attributeWords: ReadonlySet<string> = new Set(['__attribute__', '__attribute']);

function tagsIn(words: readonly string[]): readonly string[] {
  const tags = new Set<string>();
  words.forEach((word, i) => {
    if (!tagWords.has(word)) return;
    const name = words[behindAttributes(words, i + 1)] ?? '';
    if (/^\w/.test(name)) tags.add(`${word} ${name}`);
  });
  return [...tags];
}

function unnamedEnumsIn(words: readonly string[]): readonly (readonly string[])[] {
  const enums: (readonly string[])[] = [];
  words.forEach((word, i) => {
    if (word !== 'enum') return;
    const open = behindAttributes(words, i + 1);
    if (words[open] !== '{') return;
    const close = words.indexOf('}', open);
    enums.push(words.slice(open + 1, close < 0 ? undefined : close).filter((each) => /^\w/.test(each)));
  });
  return enums;
}

/** Index of the first word that belongs to no `__attribute__((...))`. */
function behindAttributes(words: readonly string[], at: number): number {
  while (attributeWords.has(words[at] ?? '')) {
    let depth = 0;
    at++;
    do {
      if (words[at] === '(') depth++;
      if (words[at] === ')') depth--;
      at++;
    } while (depth > 0 && at < words.length);
  }
  return at;
}
