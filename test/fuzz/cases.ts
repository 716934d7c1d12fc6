/** Case `number` of seed `seed`: the same text always, whatever ran before. */
import type { Corpus } from './corpus.ts';
import { grammatical, nested, randomBytes, randomTokens } from './generate.ts';
import { joined, mutated, spliced } from './mutate.ts';
import { Random } from './random.ts';
import { textOf } from './tokens.ts';

export function makeCase(corpus: Corpus, seed: number, number: number): string {
  const random = new Random(seed, number);
  const choice = random.below(100);
  if (choice < 58) return textOf(mutated(corpus, random));
  if (choice < 75) return grammatical(random);
  if (choice < 82) return textOf(spliced(corpus, random));
  if (choice < 87) return textOf(joined(corpus, random));
  if (choice < 93) return randomTokens(corpus, random);
  if (choice < 97) return randomBytes(textOf(random.pick(corpus.scripts)), random);
  return nested(random);
}
