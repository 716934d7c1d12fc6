/**
 * Typed statements -> C. Loop bodies become callbacks of bpf_loop() and bpf_for_each_map_elem(), or where the kernel has no
 * bpf_loop() functions that a bounded loop calls.
 */
import { at, scalarCType } from '../c/c-type.ts';
import { layoutFields } from '../types/layout.ts';
import { assertNever } from '../types/type.ts';
import type { TypedExpr, TypedStatement, VariableSymbol } from '../types/typed-tree.ts';
import { FunctionEmitter } from './emit-context.ts';
import { emitFunctionReturn, emitProbeResult, returnWhenDone } from './emit-function.ts';
import { emitAggregate, emitMapStore, foldOverCpus } from './emit-map.ts';
import { JumpLabel } from './jump-label.ts';
import { inExpansion } from './plan.ts';

/** Statements in a row without a branch: clang takes time quadratic in the length of a basic block. */
const mostInBlock = 64;

/**
 * Statements in a row that clang may see together: it makes one sum of a number that many of them change, computes all
 * that is added first, and keeps it on the stack.
 */
const mostJoined = 16;

/** Most iterations of bpf_loop(), BPF_MAX_LOOPS of include/linux/bpf.h. */
const mostIterations = 8388608;

export function emitStatements(f: FunctionEmitter, statements: readonly TypedStatement[]): void {
  const declared: VariableSymbol[] = [];
  for (const [i, statement] of statements.entries()) {
    if (i > 0 && i % mostInBlock === 0) f.c.line(`SPLIT(${f.c.name('split_')});`);
    if (i > 0 && i % mostJoined === 0) hideNumbers(f, declared);
    emitStatement(f, statement);
    if (statement.kind === 'declare') declared.push(statement.variable);
  }
}

function hideNumbers(f: FunctionEmitter, variables: readonly VariableSymbol[]): void {
  for (const variable of variables) {
    const storage = f.program.variables.get(variable.id);
    if (storage !== undefined && 'register' in storage && /^\w+$/.test(storage.register))
      f.c.line(`HIDE(${storage.register});`);
  }
}

function emitStatement(f: FunctionEmitter, statement: TypedStatement): void {
  switch (statement.kind) {
    case 'declare': {
      f.c.at(statement.span.start);
      const { value, variable } = statement;
      f.declare(variable, value !== undefined);
      if (value !== undefined) f.statement(statement.span, () => f.assignVariable(variable, value));
      break;
    }
    case 'assign':
      f.statement(statement.span, () => {
        const { target, value } = statement;
        if (target.kind === 'variable') f.assignVariable(target.variable, value);
        else emitMapStore(f, target, f.value(value));
      });
      break;
    case 'aggregate':
      f.statement(statement.span, () => emitAggregate(f, statement));
      break;
    case 'expression':
      f.statement(statement.span, () => {
        const { c } = f.value(statement.expression);
        if (/[a-z]/.test(c)) f.c.line(`(void)(${c});`);
      });
      break;
    case 'if':
      f.statement(statement.span, () => {
        const condition = f.value(statement.condition).c;
        if (statement.otherwise.length === 0) f.c.block(`if (${condition})`, () => emitStatements(f, statement.then));
        else
          f.c.ifElse(
            condition,
            () => emitStatements(f, statement.then),
            () => emitStatements(f, statement.otherwise),
          );
      });
      break;
    case 'block':
      inExpansion(f.program.tables, statement.expansion, () =>
        f.c.block('', () => emitStatements(f, statement.statements)),
      );
      break;
    case 'unroll':
      emitUnroll(f, statement);
      break;
    case 'while':
    case 'for-range':
    case 'for-map':
      f.statement(statement.span, () => emitLoop(f, statement));
      break;
    case 'return':
      f.c.at(statement.span.start);
      if (statement.value !== undefined) f.statement(statement.span, () => emitReturn(f, statement.value));
      else emitReturn(f, undefined);
      break;
    case 'jump':
      f.c.at(statement.span.start);
      emitJump(f, statement);
      break;
    default:
      assertNever(statement);
  }
}

/** The value of a probe's return is evaluated for its effects; attached programs all return 0. */
function emitReturn(f: FunctionEmitter, value: TypedExpr | undefined): void {
  if (f.program.result !== undefined) emitFunctionReturn(f, f.program.result, value);
  else if (value === undefined) f.leave();
  else if (f.probe.shape.deliversResult) emitProbeResult(f, f.value(value).c);
  else {
    f.c.line(`(void)(${f.value(value).c});`);
    f.leave();
  }
}

/** The body, repeated: break and continue in it mean the loop around it. */
function emitUnroll(f: FunctionEmitter, statement: TypedStatement & { kind: 'unroll' }): void {
  const leave = new JumpLabel(f, 'break_');
  f.statement(statement.span, () => {
    for (let round = 0; round < statement.count; round++) {
      const next = new JumpLabel(f, 'next_');
      f.unrolls.push({ break: leave, continue: next });
      f.c.block('', () => emitStatements(f, statement.body));
      f.unrolls.pop();
      next.write();
    }
    leave.write();
  });
}

/** Loop bodies are callbacks, whose result tells bpf_loop() whether to go on; the rounds of an unroll are blocks. */
function emitJump(f: FunctionEmitter, { to, of }: TypedStatement & { kind: 'jump' }): void {
  if (of === 'loop') f.c.line(to === 'break' ? 'return 1;' : 'return 0;');
  else f.c.line(`goto ${f.unrolls[f.unrolls.length - 1]?.[to].use()};`);
}

type Loop = TypedStatement & { kind: 'while' | 'for-range' | 'for-map' };

function emitLoop(f: FunctionEmitter, loop: Loop): void {
  const callback = `${f.program.name}_loop${loop.callback}`;
  f.usesFrame = true;
  forgetValues(f);
  if (loop.kind === 'for-map') {
    emitCallback(f, callback, loop, 'void *map, const u8 *key, u8 *value', (inner) => emitEntry(inner, loop));
    f.c.line(`bpf_for_each_map_elem(&${f.map(loop.map).symbol}, ${callback}, frame, 0);`);
  } else if (loop.kind === 'while') {
    emitCallback(f, callback, loop, 'u64 index', (inner) => {
      inner.statement(loop.condition.span, () => {
        inner.c.line(`if (!(${inner.value(loop.condition).c}))`);
        inner.c.line('\treturn 1;');
      });
    });
    if (f.world.features.bpfLoop) {
      f.c.line(`if (bpf_loop(${mostIterations}, ${callback}, frame, 0) == ${mostIterations})`);
      f.c.line(`\t${f.countFailure('loop-limit', loop.condition.span, '0')}`);
    } else emitBoundedLoop(f, loop, callback, `${mostIterations}`);
  } else {
    const cType = scalarCType(loop.variable.type) ?? 's64';
    // Loops one after another share it: hundreds of them would fill the stack.
    const start = `start${f.depth}`;
    const member = `u64 ${start};`;
    if (!f.program.frame.includes(member)) f.program.frame.push(member);
    emitCallback(f, callback, loop, 'u64 index', (inner) => {
      inner.declare(loop.variable);
      inner.c.line(`${inner.variable(loop.variable).c} = (${cType})(frame->${start} + index);`);
    });
    const first = f.temporary(cType, f.value(loop.start).c);
    const last = f.temporary(cType, f.value(loop.end).c);
    f.c.block(`if (${first} < ${last})`, () => {
      f.c.line(`frame->${start} = ${first};`);
      f.c.line(`u64 rounds = (u64)${last} - (u64)${first};`);
      if (!f.world.features.bpfLoop) {
        emitBoundedLoop(f, loop, callback, 'rounds');
        return;
      }
      f.c.line(`if (rounds > ${mostIterations})`);
      f.c.line(`\t${f.countFailure('loop-limit', loop.span, '0')}`);
      f.c.line(`bpf_loop(rounds < ${mostIterations} ? rounds : ${mostIterations}, ${callback}, frame, 0);`);
    });
  }
  f.c.line('if (frame->done)');
  f.c.line(`\t${f.callback === 0 ? returnWhenDone(f) : 'return 1;'}`);
}

/**
 * For kernels without bpf_loop(). The verifier follows every round, up to a million instructions in all, so the most
 * rounds are a parameter, which the loader lowers until the program is accepted (`Program.boundedLoops`).
 */
function emitBoundedLoop(f: FunctionEmitter, loop: Loop, callback: string, rounds: string): void {
  const { tables } = f.program;
  tables.boundedLoops = Math.max(tables.boundedLoops, nestedLoops([loop]), 1);
  const done = f.c.name('done');
  const most = hasKnownEnds(loop) ? `${knownRounds} * eb_params.loop_rounds` : 'eb_params.loop_rounds';
  f.c.line(`EB_BOUNDED_LOOP(${done}, ${most}, ${rounds}, ${callback}, frame)`);
  f.c.line(`if (${done} == ${most} && ${done} < ${rounds})`);
  const { span } = loop.kind === 'while' ? loop.condition : loop;
  f.c.line(`\t${f.countFailure('loop-limit', span, done)}`);
}

/** The rounds of a loop with known ends leave no branch open, so there may be more of them. */
const knownRounds = 8;

function hasKnownEnds(loop: Loop): boolean {
  return loop.kind === 'for-range' && loop.start.kind === 'constant' && loop.end.kind === 'constant';
}

/** How many loops stand in one another at most, of those whose number of rounds the verifier cannot know. */
function nestedLoops(statements: readonly TypedStatement[]): number {
  return Math.max(
    0,
    ...statements.map((statement): number => {
      switch (statement.kind) {
        case 'while':
          return 1 + nestedLoops(statement.body);
        case 'for-range':
          return (hasKnownEnds(statement) ? 0 : 1) + nestedLoops(statement.body);
        case 'if':
          return Math.max(nestedLoops(statement.then), nestedLoops(statement.otherwise));
        case 'block':
          return nestedLoops(statement.statements);
        case 'unroll':
          return nestedLoops(statement.body);
        default:
          return 0;
      }
    }),
  );
}

/** What the loop may change must not be known exactly to the verifier (bpf-helpers/loop.h). */
function forgetValues(f: FunctionEmitter): void {
  f.include('loop.h');
  for (const storage of f.program.variables.values()) {
    if ('register' in storage && storage.register.startsWith('frame->'))
      f.c.line(`${storage.register} += eb_unknown_zero;`);
  }
}

/**
 * A static function for the loop body, written once also when the loop stands in an unroll; `begin` writes what comes
 * before the body.
 */
function emitCallback(
  f: FunctionEmitter,
  name: string,
  loop: Loop,
  parameters: string,
  begin: (inner: FunctionEmitter) => void,
): void {
  if (f.program.loops.has(loop.callback)) return;
  f.program.loops.add(loop.callback);
  const isBounded = loop.kind !== 'for-map' && !f.world.features.bpfLoop;
  const inner = new FunctionEmitter(f.program, loop.callback, f.depth + 1);
  const body = inner.c.capture(() => {
    // Or what the last round tells of them makes each way through it another state that the verifier has to follow.
    if (isBounded) forgetValues(inner);
    begin(inner);
    emitStatements(inner, loop.body);
  });
  inner.c.forgetLine();
  const text = inner.c.capture(() => {
    inner.c.at(loop.span.start);
    // In bounded loops in line: the verifier of old kernels does not follow back, through calls, what it must know exactly.
    const linkage = isBounded ? 'INLINE' : 'static';
    inner.c.block(`${linkage} long ${name}(${parameters}, struct frame_${f.program.name} *frame)`, () => {
      if (inner.usesScratch) scratchLookup(inner, 'return 0;');
      inner.declareHoisted();
      inner.c.append(body);
      inner.c.line('return 0;');
    });
  });
  f.program.functions.push([...text]);
}

/** The tuple (key, value) of one entry of the map. */
function emitEntry(f: FunctionEmitter, loop: Loop & { kind: 'for-map' }): void {
  const { variable } = loop;
  if (variable.type.kind !== 'tuple') throw new Error('the variable of a loop over a map is a tuple');
  const [keyType, valueType] = variable.type.items;
  if (keyType === undefined || valueType === undefined) throw new Error('a map entry is a pair');
  const [keyField, valueField] = layoutFields([
    { name: 'key', type: keyType },
    { name: 'value', type: valueType },
  ]);
  f.declare(variable);
  const place = f.variable(variable);
  f.statement(loop.span, () => {
    const plan = f.map(loop.map);
    const target = (offset: number) => ({
      c: `(${place.c} + ${offset})`,
      align: offset % 8 === 0 ? 8 : offset % 4 === 0 ? 4 : offset % 2 === 0 ? 2 : 1,
    });
    const keyPlace = target(keyField?.offset ?? 0);
    const valuePlace = target(valueField?.offset ?? 0);
    const load = (type: typeof keyType, pointer: string) => {
      const cType = scalarCType(type);
      return cType === undefined
        ? { type, in: 'memory' as const, c: pointer, align: 8 }
        : { type, in: 'register' as const, c: at(cType, pointer, 8) };
    };
    f.storeValue(load(keyType, 'key'), keyPlace);
    if (plan.value.kind === 'aggregate') {
      const total = foldOverCpus(f, { map: loop.map, aggregate: plan.value, key: undefined }, 'key');
      f.storeValue({ type: valueType, in: 'register', c: total }, valuePlace);
    } else f.storeValue(load(valueType, 'value'), valuePlace);
  });
}

/** The program's per-CPU memory as `u8 *scratch`; `otherwise` is a statement that leaves. */
export function scratchLookup(f: FunctionEmitter, otherwise: string): void {
  f.c.line(`u32 scratch_index = SCRATCH_INDEX_${f.program.owner};`);
  f.c.line(`u8 *scratch = bpf_map_lookup_elem(&scratch_${f.program.owner}, &scratch_index);`);
  f.c.line('if (!scratch)');
  f.c.line(`\t${otherwise}`);
}
