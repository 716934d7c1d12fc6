/**
 * strftime(3) of glibc in the C locale and the local time zone, for time() and strftime(). Times are nanoseconds since
 * 1970 (UTC). A format is compiled once; the text of a second is kept, because events come many to a second.
 */

/** Text of a point in time. Both are byte strings, formats may hold any bytes. */
export type TimeFormatter = (epochNanoseconds: bigint) => string;

/** `libc`: as time() has it. `extended`: as strftime() has it, with %f, %k, %l for fractions of the second. */
export type TimeDialect = 'libc' | 'extended';

/** One call of libc's strftime(3), for callers that format rarely. */
export function strftime(format: string, epochNanoseconds: bigint): string {
  return timeFormatter(format, 'libc')(epochNanoseconds);
}

/**
 * In the extended dialect %f is microseconds (6 digits), %k nanoseconds (9), %l milliseconds (3), and a text that is
 * empty or belongs to the time 0 is `(?)`.
 */
export function timeFormatter(format: string, dialect: TimeDialect): TimeFormatter {
  const pieces = parse(format, dialect);
  let second: bigint | undefined;
  let texts: string[] = [];
  const formatTime: TimeFormatter = (epochNanoseconds) => {
    const remainder = BigInt.asIntN(64, epochNanoseconds) % billion;
    const nanoseconds = remainder < 0n ? remainder + billion : remainder;
    const current = (epochNanoseconds - nanoseconds) / billion;
    if (current !== second) {
      const time = new LocalTime(current);
      texts = pieces.map((piece) => (piece.kind === 'fraction' ? '' : render(piece, time)));
      second = current;
    }
    let text = '';
    pieces.forEach((piece, i) => {
      text += piece.kind === 'fraction' ? fraction(nanoseconds, piece.digits) : texts[i];
    });
    return text;
  };
  if (dialect === 'libc') return formatTime;
  return (epochNanoseconds) => (epochNanoseconds === 0n ? '' : formatTime(epochNanoseconds)) || '(?)';
}

const billion = 1_000_000_000n;

type TimePiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fraction'; readonly digits: number }
  | {
      readonly kind: 'conversion';
      readonly conversion: ConversionRow;
      readonly padding: string | undefined;
      readonly letterCase: '^' | '#' | undefined;
      readonly width: number;
    };

const fractionDigits: { readonly [letter: string]: number } = { f: 6, k: 9, l: 3 };

function parse(format: string, dialect: TimeDialect): TimePiece[] {
  const pieces: TimePiece[] = [];
  let from = 0;
  for (const match of format.matchAll(/%([_\-0^#]*)(\d*)([EO]?)([a-zA-Z%])/g)) {
    const [whole, flags = '', width = '', modifier = '', letter = ''] = match;
    const digits = whole.length === 2 && dialect === 'extended' ? fractionDigits[letter] : undefined;
    const conversion = conversions.get(letter);
    // glibc leaves unknown conversions as they are.
    if (digits === undefined && conversion === undefined) continue;
    if (match.index > from) pieces.push({ kind: 'text', text: format.slice(from, match.index) });
    from = match.index + whole.length;
    if (digits !== undefined) pieces.push({ kind: 'fraction', digits });
    else if (conversion !== undefined && (modifier === '' || letter !== '%')) {
      pieces.push({
        kind: 'conversion',
        conversion,
        padding: [...flags].findLast((flag) => '_-0'.includes(flag)),
        letterCase: flags.includes('^') ? '^' : flags.includes('#') ? '#' : undefined,
        width: Math.min(Number(width), 1024),
      });
    }
  }
  if (from < format.length) pieces.push({ kind: 'text', text: format.slice(from) });
  return pieces;
}

function fraction(nanoseconds: bigint, digits: number): string {
  return nanoseconds.toString().padStart(9, '0').slice(0, digits);
}

function render(piece: Exclude<TimePiece, { kind: 'fraction' }>, time: LocalTime): string {
  if (piece.kind === 'text') return piece.text;
  const { conversion, padding, letterCase, width } = piece;
  if (conversion.kind === 'number') {
    const digits = `${conversion.value(time)}`;
    if (padding === '-') return digits.padStart(width, ' ');
    const blanks = padding === '_' || (padding === undefined && conversion.pad === ' ');
    return digits.padStart(Math.max(width, conversion.digits), blanks ? ' ' : '0');
  }
  const text = conversion.value(time);
  const cased =
    letterCase === '^' || (letterCase === '#' && conversion.hash === 'upper')
      ? text.toUpperCase()
      : letterCase === '#' && conversion.hash === 'lower'
        ? text.toLowerCase()
        : text;
  return cased.padStart(width, padding === '0' ? '0' : ' ');
}

type ConversionRow =
  | {
      readonly kind: 'number';
      readonly value: (time: LocalTime) => number | bigint;
      readonly digits: number;
      readonly pad: '0' | ' ';
    }
  /** `hash`: what the flag # does to the letters. */
  | {
      readonly kind: 'text';
      readonly value: (time: LocalTime) => string;
      readonly hash: 'upper' | 'lower' | 'same';
    };

function number(digits: number, value: (time: LocalTime) => number | bigint, pad: '0' | ' ' = '0'): ConversionRow {
  return { kind: 'number', value, digits, pad };
}

function text(value: (time: LocalTime) => string, hash: 'upper' | 'lower' | 'same' = 'same'): ConversionRow {
  return { kind: 'text', value, hash };
}

function composite(format: string): ConversionRow {
  // Parsed when used: the table that parsing needs is still being made here.
  return text((time) =>
    parse(format, 'libc')
      .map((piece) => (piece.kind === 'fraction' ? '' : render(piece, time)))
      .join(''),
  );
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const hour12 = (time: LocalTime) => time.hour % 12 || 12;
const shortMonth = text((time) => time.monthName.slice(0, 3), 'upper');

const conversions: ReadonlyMap<string, ConversionRow> = new Map([
  ['a', text((time) => time.weekdayName.slice(0, 3), 'upper')],
  ['A', text((time) => time.weekdayName, 'upper')],
  ['b', shortMonth],
  ['B', text((time) => time.monthName, 'upper')],
  ['c', composite('%a %b %e %H:%M:%S %Y')],
  ['C', number(2, (time) => Math.floor(time.year / 100))],
  ['d', number(2, (time) => time.day)],
  ['D', composite('%m/%d/%y')],
  ['e', number(2, (time) => time.day, ' ')],
  ['F', composite('%Y-%m-%d')],
  ['g', number(2, (time) => time.isoWeek.year % 100)],
  ['G', number(4, (time) => time.isoWeek.year)],
  ['h', shortMonth],
  ['H', number(2, (time) => time.hour)],
  ['I', number(2, hour12)],
  ['j', number(3, (time) => time.yearDay + 1)],
  ['k', number(2, (time) => time.hour, ' ')],
  ['l', number(2, hour12, ' ')],
  ['m', number(2, (time) => time.month + 1)],
  ['M', number(2, (time) => time.minute)],
  ['n', text(() => '\n')],
  ['p', text((time) => (time.hour < 12 ? 'AM' : 'PM'), 'lower')],
  ['P', text((time) => (time.hour < 12 ? 'am' : 'pm'))],
  ['r', composite('%I:%M:%S %p')],
  ['R', composite('%H:%M')],
  ['s', number(1, (time) => time.epochSeconds)],
  ['S', number(2, (time) => time.second)],
  ['t', text(() => '\t')],
  ['T', composite('%H:%M:%S')],
  ['u', number(1, (time) => time.weekday || 7)],
  ['U', number(2, (time) => Math.floor((time.yearDay + 7 - time.weekday) / 7))],
  ['V', number(2, (time) => time.isoWeek.week)],
  ['w', number(1, (time) => time.weekday)],
  ['W', number(2, (time) => Math.floor((time.yearDay + 7 - ((time.weekday + 6) % 7)) / 7))],
  ['x', composite('%m/%d/%y')],
  ['X', composite('%H:%M:%S')],
  ['y', number(2, (time) => time.year % 100)],
  ['Y', number(4, (time) => time.year)],
  ['z', text((time) => time.offsetText)],
  ['Z', text((time) => time.zoneName, 'lower')],
  ['%', text(() => '%')],
]);

/** Broken-down local time, as struct tm. */
class LocalTime {
  readonly epochSeconds: bigint;
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 is the first of January. */
  readonly yearDay: number;
  readonly #date: Date;

  constructor(epochSeconds: bigint) {
    const date = new Date(Number(epochSeconds) * 1000);
    this.#date = date;
    this.epochSeconds = epochSeconds;
    this.year = date.getFullYear();
    this.month = date.getMonth();
    this.day = date.getDate();
    this.hour = date.getHours();
    this.minute = date.getMinutes();
    this.second = date.getSeconds();
    this.weekday = date.getDay();
    this.yearDay = dayNumber(this.year, this.month, this.day) - dayNumber(this.year, 0, 1);
  }

  get weekdayName(): string {
    return weekdays[this.weekday] ?? '';
  }

  get monthName(): string {
    return months[this.month] ?? '';
  }

  /** ISO 8601: weeks begin on Monday and belong to the year that has their Thursday. */
  get isoWeek(): { readonly year: number; readonly week: number } {
    const thursday = dayNumber(this.year, this.month, this.day) + 3 - ((this.weekday + 6) % 7);
    const year = new Date(thursday * millisecondsPerDay).getUTCFullYear();
    return { year, week: Math.floor((thursday - dayNumber(year, 0, 1)) / 7) + 1 };
  }

  /** `+0200` */
  get offsetText(): string {
    const minutes = -this.#date.getTimezoneOffset();
    return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.abs(minutes) / 60)}${twoDigits(Math.abs(minutes) % 60)}`;
  }

  /**
   * `CEST`. JavaScript knows abbreviations only in locales whose readers use them, so those are asked in turn, then our
   * own table; where none has one the numeric form (`+03`) is what the time zone database has, too, for most zones.
   */
  get zoneName(): string {
    for (const locale of zoneLocales) {
      const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(this.#date);
      const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
      if (/^[A-Z]{2,5}$/.test(name)) return name;
    }
    const { timeZone } = new Intl.DateTimeFormat('en-US').resolvedOptions();
    return lettersOf.get(`${timeZone} ${this.offsetText}`) ?? this.offsetText.replace(/00$/, '');
  }
}

const zoneLocales = ['en-US', 'en-GB', 'en-AU', 'en-CA', 'en-NZ', 'en-IN', 'en-ZA', 'en-KE', 'en-HK', 'ja-JP', 'id-ID'];

/** Zones whose abbreviations no locale of ICU has, from the time zone database (2024a). */
const lettersOf: ReadonlyMap<string, string> = new Map([
  ['Asia/Jerusalem +0200', 'IST'],
  ['Asia/Jerusalem +0300', 'IDT'],
  ['Asia/Karachi +0500', 'PKT'],
  ['Asia/Macau +0800', 'CST'],
  ['Asia/Manila +0800', 'PST'],
  ['Asia/Pyongyang +0900', 'KST'],
  ['Asia/Seoul +0900', 'KST'],
  ['Asia/Shanghai +0800', 'CST'],
  ['Asia/Taipei +0800', 'CST'],
  ['Europe/Moscow +0300', 'MSK'],
  ['Europe/Simferopol +0300', 'MSK'],
]);

const millisecondsPerDay = 86_400_000;

function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month, day) / millisecondsPerDay;
}

function twoDigits(value: number): string {
  return `${Math.floor(value)}`.padStart(2, '0');
}
