/** Between byte strings (one byte per character) and Unicode, where JSON and file names need it. */

/** Unicode text as the bytes of its UTF-8 form. */
export function utf8Bytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** A byte string in which everything that is not UTF-8 became U+FFFD. */
export function validUtf8(bytes: string): string {
  return isAscii(bytes) ? bytes : utf8Bytes(Buffer.from(bytes, 'latin1').toString('utf8'));
}

function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}
