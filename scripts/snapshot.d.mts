/** For test/vm/staging.ts. */
export function writeBuilder(dist: string, name: string, builder: string): Promise<void>;
