/**
 * The members of all structs whose values reach user space, for Program.structs: the runtime decodes with them and needs
 * no type table. Followed are members by value; what pointers lead to is not part of a value.
 */
import type { EventPlan, MapPlan, StructPlan } from '../program/program.ts';
import type { Type } from '../types/type.ts';
import type { KnownTypes } from '../world/known-types.ts';

export function planStructs(
  maps: Iterable<MapPlan>,
  events: readonly EventPlan[],
  types: KnownTypes,
): readonly StructPlan[] {
  const structs = new Map<string, StructPlan>();
  for (const map of maps) {
    if (map.key !== undefined) addStructs(structs, map.key, types);
    addStructs(structs, map.value, types);
  }
  for (const event of events) for (const field of event.fields) addStructs(structs, field.type, types);
  return [...structs.values()];
}

function addStructs(structs: Map<string, StructPlan>, type: Type, types: KnownTypes): void {
  switch (type.kind) {
    case 'struct': {
      const { table, name } = type;
      const key = `${table} ${name}`;
      if (structs.has(key)) return;
      const fields = types.fields(type) ?? [];
      structs.set(key, { table, name, fields });
      for (const field of fields) addStructs(structs, field.type, types);
      break;
    }
    case 'array':
      addStructs(structs, type.of, types);
      break;
    case 'tuple':
      for (const item of type.items) addStructs(structs, item, types);
      break;
    case 'record':
      for (const field of type.fields) addStructs(structs, field.type, types);
      break;
    default:
  }
}
