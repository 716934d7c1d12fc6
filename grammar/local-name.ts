/**
 * Names of variables that a macro creates. Every expansion has variables of its own, so expand.ts puts a number behind
 * the name that users wrote: `v#3`. No text can spell that, and messages leave the number out.
 */

/** `name` is without the dollar sign. */
export function localName(name: string, expansion: number): string {
  return `${name}#${expansion}`;
}

/** A message as its readers should see it. */
export function withoutNumbers(message: string): string {
  return message.includes('#') ? message.replaceAll(/(\$\w+)#\d+/g, '$1') : message;
}
