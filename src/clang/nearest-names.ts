/**
 * Which types of a large header matter to a script: those that it mentions, those that their definitions mention, and so on,
 * nearest first. Asked only when a text names thousands of types (the headers of the kernel): clang takes time that grows
 * with the square of the number of names in BTF, half a second for a thousand structs and a minute for ten thousand.
 */

/**
 * Up to `limit` of `names` (`struct NAME`, `enum NAME`, or a typedef). `words` are those of the preprocessed text in
 * order, `mentioned` those of the script; a constant that it mentions stands for its enum. Nothing is parsed: a declaration at the outermost level is tied to all names in it,
 * so that some more than needed are found, and none less.
 */
export function nearestNames(
  names: readonly string[],
  words: readonly string[],
  mentioned: ReadonlySet<string>,
  constants: ReadonlySet<string>,
  limit: number,
): readonly string[] {
  const byWord = new Map<string, string[]>();
  for (const name of names) {
    const word = name.slice(name.lastIndexOf(' ') + 1);
    byWord.set(word, [...(byWord.get(word) ?? []), name]);
  }
  const neighbours = declarationsBy(words, byWord, constants);
  const found = new Set<string>();
  const seen = new Set<string>();
  let next = [...mentioned].filter((word) => byWord.has(word) || constants.has(word));
  while (next.length > 0 && found.size < limit) {
    const further: string[] = [];
    for (const word of next) {
      if (seen.has(word)) continue;
      seen.add(word);
      for (const name of byWord.get(word) ?? []) if (found.size < limit) found.add(name);
      for (const declaration of neighbours.get(word) ?? []) further.push(...declaration);
    }
    next = further;
  }
  return [...found];
}

/**
 * For each name that a declaration defines (with a body, or as a typedef), the names in the whole declaration. Mentions
 * alone lead nowhere: otherwise everything would be a neighbour of whatever uses it.
 */
function declarationsBy(
  words: readonly string[],
  names: ReadonlyMap<string, unknown>,
  constants: ReadonlySet<string>,
): ReadonlyMap<string, readonly (readonly string[])[]> {
  const declarations = new Map<string, (readonly string[])[]>();
  let start = 0;
  let depth = 0;
  let isFunction = false;
  words.forEach((word, i) => {
    if (word === '{' && depth++ === 0) isFunction = words[i - 1] === ')';
    if (word === '}' && --depth === 0 && isFunction) start = i + 1;
    if (word !== ';' || depth > 0) return;
    const declaration = words.slice(start, i);
    start = i + 1;
    const inside = [...new Set(declaration.filter((each) => names.has(each)))];
    const defined = [...definedNames(declaration, names), ...declaration.filter((each) => constants.has(each))];
    for (const name of defined) {
      declarations.set(name, [...(declarations.get(name) ?? []), inside]);
    }
  });
  return declarations;
}

function definedNames(declaration: readonly string[], names: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const defined = new Set<string>();
  let depth = 0;
  let isTypedef = false;
  declaration.forEach((word, i) => {
    if (word === 'typedef') isTypedef = true;
    if (word === '{') depth++;
    if (word === '}') depth--;
    if (names.has(word) && (declaration[i + 1] === '{' || (isTypedef && depth === 0))) defined.add(word);
  });
  return defined;
}
