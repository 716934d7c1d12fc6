/**
 * `-f json`: one object per line, for programs. Shapes and blanks are fixed by the language reference, section 15:
 * `": "` and `", "` in objects, `","` in arrays.
 */
import { compactKey } from '../../src/types/format.ts';
import { assertNever } from '../../src/types/type.ts';
import type { HistogramRow, MapDump, MapEntry, Value } from '../../src/types/value.ts';
import { refusedUpdates, type TrustReport } from '../trust-report.ts';
import type { Output, OutputOptions, Place, RuntimeRemark, TestReport } from './output.ts';
import { diagnosticText, totalLost } from './text.ts';
import { utf8Bytes, validUtf8 } from './utf8.ts';

export class JsonOutput implements Output {
  readonly alwaysTellsTrust = true;
  readonly #options: OutputOptions;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  attached(count: number): void {
    this.#line([
      ['type', jsonString('attached_probes')],
      ['count', `${count}`],
      ['data', jsonObject([['probes', `${count}`]])],
    ]);
  }

  text(type: 'printf' | 'time' | 'cat' | 'join' | 'syscall', text: string): void {
    this.#data(type, jsonString(text));
  }

  value(value: Value): void {
    this.#data('value', this.#json(value));
  }

  map(dump: MapDump): void {
    const members: Member[] = [];
    let first: Value | undefined;
    for (const entry of dump.entries) {
      first ??= entry.value;
      members.push([this.#key(entry), this.#json(entry.value)]);
    }
    if (first === undefined) return;
    const content = dump.keyed ? jsonObject(members) : (members[0]?.[1] ?? '');
    this.#data(mapType(first), jsonObject([[dump.name, content]]));
  }

  endOfRun(): void {
    // Maps are objects of their own; nothing separates them.
  }

  lostEvents(count: bigint): void {
    this.#line([
      ['type', jsonString('lost_events')],
      ['count', jsonInteger(count)],
      ['data', jsonObject([['events', jsonInteger(count)]])],
    ]);
  }

  totalLostEvents(total: bigint): void {
    // A remark of ours for people; programs have the lost_events lines.
    this.#options.results.flush();
    this.#options.remarks.write(diagnosticText(totalLost(total), this.#options));
  }

  warning(remark: RuntimeRemark): void {
    const helper: Member[] =
      remark.type === 'helper_error'
        ? [
            ['helper', jsonString(remark.helper ?? '')],
            ['retcode', `${remark.returnCode}`],
          ]
        : [];
    this.#line([
      ['type', jsonString(remark.type)],
      ['msg', jsonString(remark.message)],
      ...helper,
      ...placeMembers(remark.place),
      ...(remark.count > 1n ? [['count', jsonInteger(remark.count)] satisfies Member] : []),
    ]);
  }

  message(severity: 'error' | 'warning', text: string, place: Place): void {
    this.#line([
      ['type', jsonString(severity === 'error' ? 'errorf' : 'warnf')],
      ['msg', jsonString(text)],
      ...placeMembers(place),
    ]);
  }

  trust({ complete, counted, probes, losses, failures }: TrustReport): void {
    const events = losses.filter((loss) => loss.of === 'events');
    const loops = losses.filter((loss) => loss.of === 'rounds');
    this.#line([
      ['type', jsonString('trust_report')],
      ['complete', `${complete}`],
      [
        'data',
        jsonObject([
          [
            'probes',
            jsonArray(
              probes.map(({ name, count, runs, runTime, missed }) =>
                jsonObject([
                  ['probe', jsonString(utf8Bytes(name))],
                  ['attach_points', `${count}`],
                  ...(counted
                    ? [
                        ['runs', jsonInteger(runs)] satisfies Member,
                        ['run_time_ns', jsonInteger(runTime)] satisfies Member,
                      ]
                    : []),
                  ['missed', missed === undefined ? 'null' : jsonInteger(missed)],
                ]),
              ),
            ),
          ],
          ['refused_updates', jsonObject(refusedUpdates(losses).map(([map, count]) => [map, jsonInteger(count)]))],
          [
            'lost_events',
            jsonArray(
              events.map(({ call, count, place }) =>
                jsonObject([['call', jsonString(call)], ['count', jsonInteger(count)], ...placeMembers(place)]),
              ),
            ),
          ],
          [
            'cut_loops',
            jsonArray(
              loops.map(({ count, place }) => jsonObject([['count', jsonInteger(count)], ...placeMembers(place)])),
            ),
          ],
          [
            'failures',
            jsonArray(
              failures.map(({ kind, count, place }) =>
                jsonObject([['kind', jsonString(kind)], ['count', jsonInteger(count)], ...placeMembers(place)]),
              ),
            ),
          ],
        ]),
      ],
    ]);
  }

  /** Results only: programs need no announcements, and a summary is quickly made. */
  tests(report: TestReport): void {
    if (report.kind === 'test-ended') {
      const { name, durationNs, passed, output } = report.result;
      const members: Member[] = [
        ['duration', `${durationNs}`],
        ['passed', `${passed}`],
        ['output', jsonString(output)],
      ];
      this.#data('test_result', jsonObject([[name, jsonObject(members)]]));
    } else if (report.kind === 'benchmark') {
      const members: Member[] = [
        ['average', `${report.averageNs}`],
        ['iters', `${report.iterations}`],
      ];
      this.#data('benchmark_result', jsonObject([[report.name, jsonObject(members)]]));
    }
  }

  pinned(path: string): void {
    this.#data('pinned', jsonObject([['path', jsonString(path)]]));
  }

  flush(): void {
    this.#options.results.flush();
    this.#options.remarks.flush();
  }

  #data(type: string, data: string): void {
    this.#line([
      ['type', jsonString(type)],
      ['data', data],
    ]);
  }

  #line(members: readonly Member[]): void {
    this.#options.results.write(`${jsonObject(members)}\n`);
  }

  #key(entry: MapEntry): string {
    return entry.key === undefined ? '' : compactKey(entry.key, this.#options.truncationTrailer);
  }

  #json(value: Value): string {
    switch (value.kind) {
      case 'int':
      case 'pointer':
      case 'enum':
      case 'average':
        return jsonInteger(value.value);
      case 'bool':
        return value.value ? 'true' : 'false';
      case 'string':
        return jsonString(value.truncated ? value.bytes + this.#options.truncationTrailer : value.bytes);
      case 'text':
      case 'stack':
        return jsonString(value.text);
      case 'buffer':
        return jsonArray(Array.from(value.bytes, (byte) => `${(byte.charCodeAt(0) << 24) >> 24}`));
      case 'array':
      case 'tuple':
        return jsonArray(value.items.map((item) => this.#json(item)));
      case 'record':
        return jsonObject(value.fields.map((field) => [field.name, this.#json(field.value)]));
      case 'stats':
        return jsonObject([
          ['count', jsonInteger(value.count)],
          ['average', jsonInteger(value.average)],
          ['total', jsonInteger(value.total)],
        ]);
      case 'histogram':
        return jsonArray(value.rows.map(bucket));
      case 'none':
        return 'null';
      default:
        return assertNever(value);
    }
  }
}

/** Name and finished JSON. */
type Member = readonly [name: string, json: string];

/** A map is named after what its values are; avg counts as statistics, too. */
function mapType(value: Value): string {
  switch (value.kind) {
    case 'average':
    case 'stats':
      return 'stats';
    case 'histogram':
      return 'hist';
    default:
      return 'map';
  }
}

/** Both ends are included; the outer buckets are open. */
function bucket(row: HistogramRow): string {
  const members: Member[] = [];
  if (row.low !== undefined) members.push(['min', jsonInteger(row.low)]);
  if (row.high !== undefined) members.push(['max', jsonInteger(row.high - 1n)]);
  return jsonObject([...members, ['count', jsonInteger(row.count)]]);
}

function placeMembers(place: Place): Member[] {
  return [
    ['filename', jsonString(utf8Bytes(place.file))],
    ['line', `${place.line}`],
    ['col', `${place.column}`],
  ];
}

function jsonObject(members: readonly Member[]): string {
  return `{${members.map(([name, json]) => `${jsonString(name)}: ${json}`).join(', ')}}`;
}

function jsonArray(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

/** Readers of JSON have doubles: what they cannot hold exactly becomes a string. */
function jsonInteger(value: bigint): string {
  return BigInt(Number(value)) === value ? value.toString() : `"${value}"`;
}

/** C1 controls are escaped, too: JSON means the same with it, and a terminal that shows the line is left alone. */
function jsonString(bytes: string): string {
  return `"${validUtf8(bytes).replace(/[\x00-\x1f"\\]|\xc2[\x80-\x9f]/g, escapeCharacter)}"`;
}

const shortEscapes: { readonly [character: string]: string } = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeCharacter(character: string): string {
  return (
    shortEscapes[character] ?? `\\u${(character.codePointAt(character.length - 1) ?? 0).toString(16).padStart(4, '0')}`
  );
}
