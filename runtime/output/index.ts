/** The output formats: a new one is a file of its own and a line here; `-f` takes its choices from this table. */
import { JsonOutput } from './json.ts';
import type { Output } from './output.ts';
import { TextOutput, type TextOutputOptions } from './text.ts';

export type OutputFactory = (options: TextOutputOptions) => Output;

export const outputFormats = {
  text: (options) => new TextOutput(options),
  json: (options) => new JsonOutput(options),
} as const satisfies { readonly [name: string]: OutputFactory };

export type OutputFormat = keyof typeof outputFormats;

export const outputFormatNames = Object.keys(outputFormats) as readonly OutputFormat[];
