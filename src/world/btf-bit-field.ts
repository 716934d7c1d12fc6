/** Where bit-fields of BTF structs are read from: btf-types.ts asks once per field. */
import type { Field } from '../types/type.ts';

/**
 * Bytes to read for a bit-field: `bytes` of them, as its declared type has. C compilers keep a bit-field within an
 * aligned unit of its type; packed structs do not, there the unit starts at the first byte of the field. Undefined when
 * even that unit is too short (a packed field that crosses it) or lies outside the struct.
 */
export function bitFieldPlace(
  firstBit: number,
  width: number,
  bytes: number,
  structSize: number,
): Pick<Field, 'offset' | 'bits'> | undefined {
  const aligned = Math.floor(firstBit / (bytes * 8)) * bytes;
  const byte = Math.min(Math.floor(firstBit / 8), structSize - bytes);
  for (const offset of [aligned, byte]) {
    const shift = firstBit - offset * 8;
    if (offset >= 0 && shift >= 0 && shift + width <= bytes * 8 && offset + bytes <= structSize) {
      return { offset, bits: { shift, width } };
    }
  }
  return undefined;
}
