/** The second half of the fixed cases. */
import { fuzzParts } from './fuzz-parts.ts';

fuzzParts({ seed: 1, first: 10_000 });
