/**
 * Byte strings out of raw memory. Strings are the dear part of an event, so the way depends on the length: up to 16
 * bytes String.fromCharCode beats the call into C++ (16-32 ns against 60-70 ns, Node 20), above that Buffer's own decoder wins.
 */

/** `length` bytes at `at` of the view, one character per byte. */
export function latin1(view: DataView, at: number, length: number): string {
  if (length <= 8) return shortText(view, at, length);
  if (length <= 16) return shortText(view, at, 8) + shortText(view, at + 8, length - 8);
  const start = view.byteOffset + at;
  return bufferOf(view).toString('latin1', start, start + length);
}

/** Number of bytes before the first NUL, `size` when there is none. */
export function lengthToNul(view: DataView, at: number, size: number): number {
  let length = 0;
  while (length < size && view.getUint8(at + length) !== 0) length++;
  return length;
}

/** Wrapping an ArrayBuffer costs more than the read; ring buffers and map pages are few and live long. */
const buffers = new WeakMap<ArrayBufferLike, Buffer>();

function bufferOf(view: DataView): Buffer {
  let buffer = buffers.get(view.buffer);
  if (buffer === undefined) {
    buffer = Buffer.from(view.buffer);
    buffers.set(view.buffer, buffer);
  }
  return buffer;
}

function shortText(view: DataView, at: number, length: number): string {
  const code = String.fromCharCode;
  switch (length) {
    case 0:
      return '';
    case 1:
      return code(view.getUint8(at));
    case 2:
      return code(view.getUint8(at), view.getUint8(at + 1));
    case 3:
      return code(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2));
    case 4:
      return code(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
    case 5:
      return code(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
      );
    case 6:
      return code(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
      );
    case 7:
      return code(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
      );
    default:
      return code(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
      );
  }
}
