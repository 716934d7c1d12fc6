/**
 * Network addresses as text: IPv4 dotted, IPv6 by RFC 5952 (as inet_ntop(3) writes it), Ethernet addresses in upper
 * case. Works on raw bytes, because addresses come out of events and map keys.
 */
const addressFamilyInet = 2;
const addressFamilyInet6 = 10;

/** Text of an address of Linux family `family`; empty for families other than AF_INET and AF_INET6. */
export function inetText(family: number, view: DataView, at: number): string {
  switch (family) {
    case addressFamilyInet:
      return ipv4Text(view, at);
    case addressFamilyInet6:
      return ipv6Text(view, at);
    default:
      return '';
  }
}

/** Six bytes as `AA:BB:CC:00:11:22`. */
export function macText(view: DataView, at: number): string {
  const parts: string[] = [];
  for (let i = 0; i < 6; i++)
    parts.push(
      view
        .getUint8(at + i)
        .toString(16)
        .toUpperCase()
        .padStart(2, '0'),
    );
  return parts.join(':');
}

function ipv4Text(view: DataView, at: number): string {
  return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;
}

/** The longest run of at least two zero groups (the first of equals) becomes `::`; mapped IPv4 keeps its dots. */
function ipv6Text(view: DataView, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 8; i++) groups.push(view.getUint16(at + 2 * i, false));
  const zeros = longestZeroRun(groups);
  const [sixth, seventh] = [groups[5], groups[6]];
  const mapped = zeros.start === 0 && zeros.length === 5 && sixth === 0xffff;
  const compatible = zeros.start === 0 && zeros.length === 6 && seventh !== 0;
  if (mapped) return `::ffff:${ipv4Text(view, at + 12)}`;
  if (compatible) return `::${ipv4Text(view, at + 12)}`;
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (zeros.length < 2) return hex(groups);
  return `${hex(groups.slice(0, zeros.start))}::${hex(groups.slice(zeros.start + zeros.length))}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  });
  return best;
}
