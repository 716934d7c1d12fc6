/** For test/vm/staging.ts. */
export function writeBuilder(dist: string, name: string, builder: string, koffi?: { readonly file: string; readonly version: string }): Promise<void>;
